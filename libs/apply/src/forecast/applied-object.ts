import { type Fields, isFields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import {
  below,
  type FieldSet,
  holds,
  itemKey,
  mergingOf,
  type Owners,
  ownersOf,
} from './field-set.ts';

/**
 * What a server-side apply makes of an object, before defaults are set and anything is checked: what the manifest has is
 * put in, what we applied before and the manifest no longer has is taken out unless another owns it too, all else stays.
 *
 * How lists are merged is read from the owners of the live object's fields. Where nobody owns a list, its items are told
 * apart by their names, and else it is taken as a whole.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export function appliedObject(live: KubernetesObject, next: KubernetesObject): KubernetesObject {
  const owners = ownersOf(live.metadata);
  return mergeFields(live, next, owners) as KubernetesObject;
}

function merge(live: unknown, next: unknown, owners: Owners): unknown {
  const merging = mergingOf(owners);
  if (isFields(live) && isFields(next)) {
    return merging.how === 'atomic' ? next : mergeFields(live, next, owners);
  }
  if (!Array.isArray(live) || !Array.isArray(next)) return next;
  if (merging.how === 'set') return mergeSet(live, next, owners);
  const keys = merging.how === 'keyed' ? merging.keys : ['name'];
  const isKeyed = merging.how === 'keyed' || (merging.how === 'unknown' && areNamed(live, next));
  return isKeyed ? mergeItems(live as Fields[], next as Fields[], { keys, owners }) : next;
}

function mergeFields(live: Fields, next: Fields, owners: Owners): Fields {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(live)) {
    const inside = below(owners, `f:${name}`);
    // A null says nothing to the API server.
    if (next[name] !== undefined && next[name] !== null) {
      merged[name] =
        isAtomicByName(name) && mergingOf(inside).how === 'unknown'
          ? next[name]
          : merge(value, next[name], inside);
    } else {
      const kept = holds(owners.own, `f:${name}`) ? heldByOthers(value, inside.others) : value;
      if (kept !== undefined) merged[name] = kept;
    }
  }
  for (const [name, value] of Object.entries(next)) {
    if (!(name in live) && value !== null) merged[name] = value;
  }
  return merged;
}

// What the API takes as a whole wherever it stands, for live objects that do not say who owns it.
function isAtomicByName(name: string): boolean {
  return ['selector', 'nodeSelector', 'roleRef', 'versions', 'volumeClaimTemplates'].includes(name);
}

function mergeItems(
  live: readonly Fields[],
  next: readonly Fields[],
  options: { readonly keys: readonly string[]; readonly owners: Owners },
): unknown[] {
  const { keys, owners } = options;
  const isSame = (one: Fields, other: Fields) =>
    keys.every((key) => keyValue(one, key) === keyValue(other, key));
  const ownersOfItem = (item: Fields): Owners => {
    const name = itemName(owners, item);
    return name === undefined ? { own: [], others: [] } : below(owners, name);
  };
  const wanted = next.map((item) => {
    const before = live.find((other) => isSame(item, other));
    return before === undefined ? item : mergeFields(before, item, ownersOfItem(before));
  });
  const rest = live.filter((item) => !next.some((other) => isSame(item, other)));
  const kept = rest.flatMap((item) => {
    const name = itemName(owners, item);
    const isOwn = name !== undefined && holds(owners.own, name);
    return !isOwn || holds(owners.others, name) ? [item] : [];
  });
  // What others put there stays where it is.
  return rest.length > 0 && kept.length > 0 ? inLiveOrder(live, wanted, { kept, isSame }) : wanted;
}

function inLiveOrder(
  live: readonly Fields[],
  wanted: readonly Fields[],
  options: { readonly kept: readonly Fields[]; readonly isSame: (a: Fields, b: Fields) => boolean },
): Fields[] {
  const { kept, isSame } = options;
  const result = [...wanted];
  for (const item of kept) {
    const before = live.slice(0, live.indexOf(item)).reverse();
    const previous = before.find((other) => result.some((each) => isSame(each, other)));
    const index =
      previous === undefined ? 0 : result.findIndex((each) => isSame(each, previous)) + 1;
    result.splice(index, 0, item);
  }
  return result;
}

function itemName({ own, others }: Owners, item: Fields): string | undefined {
  return [...own, ...others]
    .flatMap((set) => Object.keys(set))
    .find(
      (name) =>
        name.startsWith('k:') &&
        Object.entries(itemKey(name)).every(([key, value]) => keyValue(item, key) === value),
    );
}

// The one key with a default: of ports, in pods and Services.
function keyValue(item: Fields, key: string): unknown {
  return item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
}

function mergeSet(live: readonly unknown[], next: readonly unknown[], owners: Owners): unknown[] {
  const kept = live.filter((value) => {
    const name = `v:${JSON.stringify(value)}`;
    return !next.includes(value) && (!holds(owners.own, name) || holds(owners.others, name));
  });
  return [...next, ...kept];
}

// What is left of a field that we no longer apply.
function heldByOthers(value: unknown, others: readonly FieldSet[]): unknown {
  if (others.length === 0) return undefined;
  const names = others.flatMap((set) => Object.keys(set)).filter((name) => name !== '.');
  if (!isFields(value) || names.length === 0) return value;
  const kept = Object.entries(value).flatMap(([name, member]) => {
    if (!holds(others, `f:${name}`)) return [];
    const inside = below({ own: [], others }, `f:${name}`).others;
    const left = heldByOthers(member, inside);
    return left === undefined ? [] : [[name, left] as const];
  });
  return Object.fromEntries(kept);
}

function areNamed(...lists: readonly (readonly unknown[])[]): boolean {
  return lists.flat().every((item) => isFields(item) && typeof item['name'] === 'string');
}
