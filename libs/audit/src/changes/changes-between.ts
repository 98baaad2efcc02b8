import { type Json, type JsonObject, isJsonObject } from '../load/tree.ts';
import { sameJson } from '../patches/sim-object.ts';

/** One difference between two values. */
export interface ValueChange {
  /**
   * Where: `.spec.template.spec.containers[name="deck"].image`. Items of a list are told apart by their names where all
   * have one; `[]` is an item that is told apart by nothing but its value.
   */
  readonly path: string;
  /** Absent where there was nothing. */
  readonly before?: Json;
  /** Absent where there is nothing any more. */
  readonly after?: Json;
}

/**
 * How one value differs from another, at the deepest places that differ. Positions in lists do not matter: an item put
 * before others is one change, not a change of each that follows.
 */
export function changesBetween(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): ValueChange[] {
  if (before === after || sameJson(before, after)) return [];
  if (isJsonObject(before) && isJsonObject(after)) return inMap(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    return inList(before as readonly Json[], after as readonly Json[], path);
  }
  return [change(path, before, after)];
}

function change(path: string, before: Json | undefined, after: Json | undefined): ValueChange {
  return {
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function inMap(before: JsonObject, after: JsonObject, path: string): ValueChange[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((field) =>
    changesBetween(own(before, field), own(after, field), `${path}${step(field)}`),
  );
}

function own(map: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(map, field) ? map[field] : undefined;
}

function step(field: string): string {
  return /^[\w-]+$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;
}

function inList(before: readonly Json[], after: readonly Json[], path: string): ValueChange[] {
  const [old, now] = [byName(before), byName(after)];
  if (old && now && old.size + now.size > 0) {
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) =>
      changesBetween(old.get(name), now.get(name), `${path}[name=${JSON.stringify(name)}]`),
    );
  }
  const removed = without(before, after);
  const added = without(after, before);
  if (removed.length === 0 && added.length === 0) return [change(path, before, after)];
  // As many as before: each has taken the place of one.
  const paired = removed.length === added.length ? removed.length : 0;
  return [
    ...removed
      .slice(0, paired)
      .flatMap((item, index) => changesBetween(item, added[index], `${path}[]`)),
    ...removed.slice(paired).map((item) => change(`${path}[]`, item, undefined)),
    ...added.slice(paired).map((item) => change(`${path}[]`, undefined, item)),
  ];
}

function byName(items: readonly Json[]): Map<string, Json> | undefined {
  const named = new Map<string, Json>();
  for (const item of items) {
    const name = isJsonObject(item) ? item['name'] : undefined;
    if (typeof name !== 'string' || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

// The items of one list that another does not have, as often as it lacks them.
function without(items: readonly Json[], others: readonly Json[]): Json[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.findIndex((other) => sameJson(other, item));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
