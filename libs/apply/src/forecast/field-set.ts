import { type Fields, isFields } from '../fields.ts';
import { FIELD_MANAGER } from '../field-manager.ts';
import type { ManagedFieldsEntry, ObjectMetadata } from '../kubernetes-object.ts';

/**
 * Fields that a manager owns, as `fieldsV1` writes them: `f:name` for a field, `k:{"name":"deck"}` for an item of a list
 * that is told apart by its keys, `v:"x"` for one of a set, `.` for what holds them.
 *
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export type FieldSet = Fields;

/** Who owns which fields of an object: we, and each of the others. */
export interface Owners {
  readonly own: readonly FieldSet[];
  readonly others: readonly FieldSet[];
}

/** The owners of an object's fields, without those that only report its status. */
export function ownersOf(metadata: ObjectMetadata): Owners {
  const entries = (metadata.managedFields ?? []).filter(
    ({ subresource = '' }) => subresource === '',
  );
  return {
    own: entries.filter(isOwn).flatMap(fieldsOf),
    others: entries.filter((entry) => !isOwn(entry)).flatMap(fieldsOf),
  };
}

function isOwn({ manager, operation }: ManagedFieldsEntry): boolean {
  return manager === FIELD_MANAGER && operation === 'Apply';
}

function fieldsOf({ fieldsV1 }: ManagedFieldsEntry): FieldSet[] {
  return isFields(fieldsV1) ? [fieldsV1] : [];
}

/** The owners of what is below a key such as `f:spec`. */
export function below({ own, others }: Owners, key: string): Owners {
  return { own: descend(own, key), others: descend(others, key) };
}

function descend(sets: readonly FieldSet[], key: string): FieldSet[] {
  return sets.flatMap((set) => {
    const child = set[key];
    return isFields(child) ? [child] : [];
  });
}

/** Whether one of the sets has a key such as `f:spec`. */
export function holds(sets: readonly FieldSet[], key: string): boolean {
  return sets.some((set) => key in set);
}

/** How the API server merges what is at this place, as far as its owners tell. */
export type Merging =
  | { readonly how: 'atomic' | 'fields' | 'set' | 'unknown' }
  | { readonly how: 'keyed'; readonly keys: readonly string[] };

export function mergingOf({ own, others }: Owners): Merging {
  const sets = [...own, ...others];
  const names = sets.flatMap((set) => Object.keys(set)).filter((name) => name !== '.');
  if (names.length === 0) return { how: sets.length === 0 ? 'unknown' : 'atomic' };
  const keyed = names.find((name) => name.startsWith('k:'));
  if (keyed !== undefined) return { how: 'keyed', keys: Object.keys(itemKey(keyed)) };
  return { how: names.some((name) => name.startsWith('v:')) ? 'set' : 'fields' };
}

/** The keys of an item, of `k:{"name":"deck"}`. */
export function itemKey(name: string): Fields {
  const key: unknown = JSON.parse(name.slice(2));
  return isFields(key) ? key : {};
}
