import { type Finding, finding } from '../finding.ts';
import { describeEntry, describeOperation, describeSimObject, describeValue } from './describe.ts';
import type { Entry } from './entries.ts';
import type { Followed } from './follow.ts';
import { pointerSteps, valueAt } from './json-patch.ts';
import type { Effect } from './simulate.ts';

/** Operations that count positions in a list without testing what is there: another list, and they hit something else. */
export function positionalOperations(operations: readonly Followed[]): Finding[] {
  return operations.flatMap((followed): Finding[] => {
    const { entry, operation, effects } = followed;
    if (operation.kind !== 'json' || operation.json.op === 'test') return [];
    const paths = [
      operation.json.path,
      ...(operation.json.op === 'move' ? [operation.json.from ?? ''] : []),
    ];
    const tests = testsBefore(entry, operation.id);
    return effects.flatMap((effect): Finding[] => {
      const untested = paths.some((path) =>
        indexedPrefixes(effect, path).some((prefix) => !isTested(prefix, tests)),
      );
      if (!untested) return [];
      return [
        finding(
          'patch-positional',
          `${describeEntry(entry)}: ${describeOperation(operation)} counts positions: ${whatHappens(effect, operation.json.op, operation.json.path)}. Put a test of the value before it, so that it fails where the list is another one.`,
          { file: operation.file, line: operation.line, object: describeSimObject(effect.before) },
        ),
      ];
    });
  });
}

function testsBefore(entry: Entry, id: string): string[] {
  const at = entry.operations.findIndex((operation) => operation.id === id);
  return entry.operations
    .slice(0, at)
    .flatMap((operation) =>
      operation.kind === 'json' && operation.json.op === 'test' ? [operation.json.path] : [],
    );
}

// The parts of a path that end with a position in a list of this object.
function indexedPrefixes({ before }: Effect, path: string): string[] {
  const steps = path.split('/').slice(1);
  const keys = pointerSteps(path);
  return steps.flatMap((step, index) =>
    /^-?\d+$/.test(step) && Array.isArray(valueAt(before.value, keys.slice(0, index)))
      ? [`/${steps.slice(0, index + 1).join('/')}`]
      : [],
  );
}

// A test of the item, or of something in it, fails where another item has taken its place.
function isTested(prefix: string, tests: readonly string[]): boolean {
  return tests.some((test) => test === prefix || test.startsWith(`${prefix}/`));
}

function whatHappens({ before, after }: Effect, op: string, path: string): string {
  const keys = pointerSteps(path);
  const was = describeValue(valueAt(before.value, keys), before, path);
  const is = describeValue(valueAt(after?.value, keys), before, path);
  const last = keys.at(-1) ?? '';
  const inserts =
    (op === 'add' || op === 'copy' || op === 'move') &&
    /^-?\d+$/.test(last) &&
    Array.isArray(valueAt(before.value, keys.slice(0, -1)));
  if (inserts)
    return was === 'nothing' ? `${is} is added at the end` : `${is} is put before ${was}`;
  if (op === 'remove') return `${was} is removed`;
  return was === 'nothing' ? `it is set to ${is}` : `${was} becomes ${is}`;
}
