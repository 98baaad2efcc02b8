import { type Finding, finding } from '../finding.ts';
import { type Json, type JsonObject, isJsonObject, textOf } from '../load/tree.ts';
import { describeOperation, describeSimObject } from './describe.ts';
import type { Followed } from './follow.ts';
import { pointerSteps } from './json-patch.ts';
import { type ValueSchema, schemaOf } from './merge-schema.ts';
import { isMisspelling } from './nearest.ts';
import type { Effect } from './simulate.ts';

/** Patches that create a field which is likely a misspelling of another, or a container that cannot run. */
export function createdPaths(operations: readonly Followed[]): Finding[] {
  return operations.flatMap((followed): Finding[] => {
    const { entry, operation, effects } = followed;
    if (operation.kind !== 'json' && operation.kind !== 'merge') return [];
    return effects.flatMap((effect): Finding[] =>
      created(followed, effect).map(({ path, instead }) =>
        finding(
          'patch-creates-path',
          `${entry.name}: ${describeOperation(operation)} creates ${path}, which was not there. ${instead}`,
          {
            file: operation.file,
            line: operation.line,
            object: describeSimObject(effect.before),
          },
        ),
      ),
    );
  });
}

interface Created {
  readonly path: string;
  readonly instead: string;
}

function created({ operation }: Followed, { before, after }: Effect): Created[] {
  if (!after) return [];
  const schema = schemaOf(textOf(before.value['apiVersion']), textOf(before.value['kind']));
  if (operation.kind === 'merge') return inMap(before.value, after.value, schema, '');
  if (operation.kind !== 'json') return [];
  const { op, path } = operation.json;
  if (op !== 'add' && op !== 'replace') return [];
  const steps = pointerSteps(path);
  const field = steps.pop() ?? '';
  let value: Json | undefined = before.value;
  let type = schema;
  for (const step of steps) {
    type = Array.isArray(value) ? type?.items() : type?.field(step);
    value = Array.isArray(value)
      ? (value[Number(step)] as Json)
      : isJsonObject(value)
        ? value[step]
        : undefined;
  }
  if (!isJsonObject(value) || Object.hasOwn(value, field)) return [];
  // Where any field may be, adding one is no mistake, and replacing one that is not there is.
  return misspelled(value, field, type, path, op === 'replace');
}

// Fields that a merge added, at any depth of what was there before.
function inMap(
  before: JsonObject,
  after: JsonObject,
  schema: ValueSchema | undefined,
  path: string,
): Created[] {
  return Object.entries(after).flatMap(([field, value]): Created[] => {
    const here = `${path}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const old = Object.hasOwn(before, field) ? before[field] : undefined;
    const type = schema?.field(field);
    if (old === undefined) return misspelled(before, field, schema, here, false);
    if (isJsonObject(old) && isJsonObject(value)) return inMap(old, value, type, here);
    if (Array.isArray(old) && Array.isArray(value)) {
      return inList(old as Json[], value as Json[], type, here);
    }
    return [];
  });
}

function inList(
  before: Json[],
  after: Json[],
  schema: ValueSchema | undefined,
  path: string,
): Created[] {
  const [key] = schema?.mergeKeys ?? [];
  if (key === undefined) return [];
  const containers = /\/(?:initContainers|containers)$/.test(path);
  return after.flatMap((item): Created[] => {
    if (!isJsonObject(item)) return [];
    const old = before.find((each) => isJsonObject(each) && each[key] === item[key]);
    if (isJsonObject(old)) return inMap(old, item, schema?.items(), `${path}/${textOf(item[key])}`);
    // Nothing runs without an image, so the patch was meant for a container that is there.
    if (!containers || item['image'] !== undefined) return [];
    const names = before.map((each) => (isJsonObject(each) ? textOf(each[key]) : ''));
    return [
      {
        path: `${path}/${textOf(item[key])}`,
        instead: `A container needs an image; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`,
      },
    ];
  });
}

function misspelled(
  map: JsonObject,
  field: string,
  schema: ValueSchema | undefined,
  path: string,
  anyField: boolean,
): Created[] {
  const known = schema?.fields;
  if (known?.has(field)) return [];
  // Kinds of their own, and maps of labels and the like, have no list of fields: their neighbours are compared.
  if (!known && !anyField && (schema || isFreeMap(path))) return [];
  const candidates = known ? [...known] : Object.keys(map);
  const other = candidates.find(
    (candidate) => isMisspelling(field, candidate) && !differInDigits(field, candidate),
  );
  return other === undefined ? [] : [{ path, instead: `Did you mean ${other}?` }];
}

function isFreeMap(path: string): boolean {
  return /\/(?:labels|annotations|matchLabels|data|stringData|binaryData|nodeSelector)\/[^/]*$/.test(
    path,
  );
}

// item1 and item2 are neighbours, not mistakes.
function differInDigits(a: string, b: string): boolean {
  return a.replaceAll(/\d+/g, '#') === b.replaceAll(/\d+/g, '#');
}
