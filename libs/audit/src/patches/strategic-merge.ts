import type { Json, JsonObject } from '../load/tree.ts';
import { PatchFailure } from './json-patch.ts';
import { type ValueSchema, schemaOf } from './merge-schema.ts';

// Follows kustomize 5 step by step, its order of list items and its oddities included, because a trace that is right in
// principle would be wrong about what is rendered. So values are copied once and then changed in place, as there.

/**
 * Merges a strategic merge patch into an object: maps field by field, lists by their merge key where the kind is one of
 * Kubernetes', else as a whole; `null` and `$patch: delete` remove, `$patch: replace` replaces.
 *
 * @returns undefined where the patch deletes the object
 * @throws {PatchFailure} where kustomize fails.
 */
export function strategicMerge(object: JsonObject, patch: JsonObject): JsonObject | undefined {
  const merged = walk(mutable(object), mutable(patch), undefined);
  return isMap(merged) ? merged : undefined;
}

interface Map {
  [field: string]: Value;
}
type Value = Map | Value[] | null | boolean | number | string;
type Maybe = Value | undefined;

const DIRECTIVE = '$patch';

function walk(dest: Maybe, origin: Maybe, known: ValueSchema | undefined): Maybe {
  const schema = known ?? schemaByMeta(dest) ?? schemaByMeta(origin);
  const kind = kindOf(dest) ?? kindOf(origin);
  for (const source of [dest, origin]) {
    const found = kindOf(source);
    if (found !== undefined && found !== kind) {
      throw new PatchFailure(`the patch has a ${found} where the object has a ${kind ?? 'value'}`);
    }
  }
  if (kind === 'list') {
    return schema?.mergeKeys
      ? walkMergedList(dest, origin, schema, schema.mergeKeys)
      : origin === undefined
        ? dest
        : origin;
  }
  if (kind === 'scalar') return origin === undefined ? dest : origin;
  return walkMap(dest, origin, schema);
}

function walkMap(dest: Maybe, origin: Maybe, schema: ValueSchema | undefined): Maybe {
  const target = visitMap(dest, origin);
  if (!isMap(target)) return target;
  const source = isMap(origin) ? origin : {};
  for (const field of [...new Set([...Object.keys(target), ...Object.keys(source)])].sort()) {
    const value = walk(own(target, field), own(source, field), schema?.field(field));
    if (value === undefined || (value === null && !(own(source, field) === undefined))) {
      Reflect.deleteProperty(target, field);
    } else setOwn(target, field, value);
  }
  return target;
}

function visitMap(dest: Maybe, origin: Maybe): Maybe {
  if (dest === undefined || dest === null) {
    if (isMap(origin) && takeDirective(origin) === 'delete') return undefined;
    return origin === undefined ? dest : origin;
  }
  if (origin === null) return undefined;
  switch (isMap(origin) ? takeDirective(origin) : 'merge') {
    case 'delete':
      return undefined;
    case 'replace':
      return origin;
    case 'merge':
      return dest;
  }
}

function walkMergedList(
  dest: Maybe,
  origin: Maybe,
  schema: ValueSchema,
  keys: readonly string[],
): Maybe {
  const target = visitMergedList(dest, origin);
  if (!Array.isArray(target)) return target;
  const source = Array.isArray(origin) ? origin : [];
  // A list of plain values: each is its own key.
  const values =
    keys.length === 0 ? primitiveValues([source, target]) : keyValues([source, target], keys);
  return setElements(target, source, values, keys.length === 0 ? [''] : keys, schema.items());
}

function visitMergedList(dest: Maybe, origin: Maybe): Maybe {
  if (dest === undefined || dest === null) return origin;
  if (origin === null) return undefined;
  if (!Array.isArray(origin)) return dest;
  const at = origin.findIndex(
    (item) => isMap(item) && own(item, DIRECTIVE) !== undefined && Object.keys(item).length === 1,
  );
  if (at < 0) return dest;
  const [item] = origin.splice(at, 1);
  switch (directive((item as Map)[DIRECTIVE])) {
    case 'delete':
      return undefined;
    case 'replace':
      return origin;
    case 'merge':
      return dest;
  }
}

function setElements(
  dest: Value[],
  origin: Value[],
  values: string[][],
  keys: readonly string[],
  schema: ValueSchema | undefined,
): Value[] {
  const list = keys.length > 1 ? unite(values) : values;
  const added: Value[] = [];
  let last: Pick<Match, 'keys'> = { keys };
  for (const each of list) {
    const match = usableKeys(list, each, keys);
    last = match;
    const single = usableKeys([match.values], match.values, match.keys);
    const value = walk(element(dest, single), element(origin, single), schema);
    if (value === undefined || value === null || isEmptyMap(value)) {
      setElement(dest, undefined, match);
      continue;
    }
    for (const [index, key] of match.keys.entries()) {
      const text = match.values[index] ?? '';
      if (isMap(value) && own(value, key) === undefined && text !== '') setOwn(value, key, text);
    }
    setElement(added, value, match);
  }
  return list.length > 0 ? append(added, dest, last.keys) : dest;
}

interface Match {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

// What the patch names comes first, then what the object has besides.
function append(target: Value[], source: Value[], keys: readonly string[]): Value[] {
  for (const item of source) {
    if (keys[0] === '') {
      setElement(target, item, { keys: [''], values: [textOfScalar(item)] });
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const value = isMap(item) ? own(item, key) : undefined;
      if (value === undefined) target.push(item);
      else values.push(textOfScalar(value));
    }
    if (keys.length > 1) setElement(target, undefined, { keys, values });
    setElement(target, item, { keys, values });
  }
  return target;
}

// Replaces, adds or (without an element) removes the items that match.
function setElement(list: Value[], item: Maybe, { keys, values }: Match): void {
  const mapping = (keys[0] ?? '') !== '' && (values[0] ?? '') !== '';
  const kept: Value[] = [];
  let found = false;
  for (const each of list) {
    if (each === null || isEmptyMap(each)) continue;
    if (!isMap(each) && mapping) {
      kept.push(each);
      continue;
    }
    const matches = keys.every((key, index) => {
      const value = values[index];
      if (value === undefined) return true;
      if (key === '') return !isMap(each) && textOfScalar(each) === value;
      const field = isMap(each) ? own(each, key) : undefined;
      return field !== undefined && (value === '' || textOfScalar(field) === value);
    });
    if (!matches) {
      if (values.length > 0) kept.push(each);
      continue;
    }
    found = true;
    if (item !== undefined) kept.push(item);
  }
  list.splice(0, list.length, ...kept);
  if (item !== undefined && item !== null && !found) list.push(item);
}

function element(list: Value[], { keys, values }: Match): Maybe {
  return list.find((item) =>
    keys[0] === ''
      ? textOfScalar(item) === values[0]
      : isMap(item) &&
        keys.every((key, index) => {
          const field = own(item, key);
          return field !== undefined && textOfScalar(field) === values[index];
        }),
  );
}

function keyValues(lists: Value[][], keys: readonly string[]): string[][] {
  const seen = new Set<string>();
  return lists
    .flat()
    .map((item) =>
      keys.map((key) => {
        const value = isMap(item) ? own(item, key) : undefined;
        return value === undefined ? '' : textOfScalar(value);
      }),
    )
    .filter((values) => {
      const text = JSON.stringify(values);
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    });
}

function primitiveValues(lists: Value[][]): string[][] {
  return [...new Set(lists.flat().map(textOfScalar))].map((value) => [value]);
}

// Keys that no item has are left out of the comparison.
function usableKeys(
  list: readonly (readonly string[])[],
  values: readonly string[],
  keys: readonly string[],
): Match {
  const usable = new Set(
    list.flatMap((each) =>
      each.flatMap((value, index) => (value === '' ? [] : [keys[index] ?? ''])),
    ),
  );
  if (usable.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => usable.has(key)),
    values: values.filter((value, index) => value !== '' || usable.has(keys[index] ?? '')),
  };
}

// Two items whose keys differ only where one has none are the same item.
function unite(list: string[][]): string[][] {
  for (const [i, a] of list.entries()) {
    for (const [j, b] of list.entries()) {
      const first = list[i] ?? a;
      const second = list[j] ?? b;
      const common = first.some((value, index) => value === second[index]);
      const clash = first.some((value, index) => {
        const other = second[index] ?? '';
        return value !== other && value !== '' && other !== '';
      });
      if (!common || clash || first.length !== second.length) continue;
      const united = first.map((value, index) => (value === '' ? (second[index] ?? '') : value));
      list[i] = united;
      list[j] = united;
    }
  }
  return list;
}

function takeDirective(map: Map): 'delete' | 'replace' | 'merge' {
  const value = own(map, DIRECTIVE);
  if (value === undefined) return 'merge';
  Reflect.deleteProperty(map, DIRECTIVE);
  return directive(value);
}

function directive(value: Maybe): 'delete' | 'replace' | 'merge' {
  if (value === 'delete' || value === 'replace' || value === 'merge') return value;
  throw new PatchFailure(`unknown patch strategy '${JSON.stringify(value)}'`);
}

function schemaByMeta(value: Maybe): ValueSchema | undefined {
  if (!isMap(value)) return undefined;
  const { apiVersion, kind } = value;
  return typeof apiVersion === 'string' && typeof kind === 'string'
    ? schemaOf(apiVersion, kind)
    : undefined;
}

function kindOf(value: Maybe): 'map' | 'list' | 'scalar' | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : 'scalar';
}

function isMap(value: Maybe): value is Map {
  return kindOf(value) === 'map';
}

function isEmptyMap(value: Value): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}

function own(map: Map, field: string): Maybe {
  return Object.hasOwn(map, field) ? map[field] : undefined;
}

function setOwn(map: Map, field: string, value: Value): void {
  Object.defineProperty(map, field, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function textOfScalar(value: Value): string {
  return value === null || typeof value === 'object' ? '' : String(value);
}

function mutable(value: Json): Value {
  return structuredClone(value) as Value;
}
