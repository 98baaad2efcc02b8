import { createHash } from 'node:crypto';
import { FIELD_MANAGER } from './field-manager.ts';
import type { ManagedFieldsEntry, ObjectMetadata } from './kubernetes-object.ts';
import { groupOf, type ObjectReference } from './object-reference.ts';

/** The mark of an object that is not there. */
export const ABSENT = 'absent';

// Kinds without a status, which only their authors write: every write moves resourceVersion, and nothing else does.
const AUTHORED = new Set([
  '/ConfigMap',
  '/Secret',
  '/ServiceAccount',
  '/LimitRange',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

// Kinds of which we own a few labels, and that many others write all the time.
const SHARED = new Set(['/Node']);

/**
 * A short digest that changes when somebody changes the object, and not when a controller reports on it.
 *
 * `generation` alone would not see labels and annotations, and most core kinds have none. `resourceVersion` alone
 * would see every status. `managedFields` tell them apart: the entries that are not of the subresource `status` move
 * when a field is added, changed or removed, and when its owner changes. They count in whole seconds, so
 * resourceVersion is used for the kinds where it moves for authors only.
 */
export function mark(
  reference: Pick<ObjectReference, 'apiVersion' | 'kind'>,
  metadata: ObjectMetadata | undefined,
): string {
  if (metadata === undefined) return ABSENT;
  const kind = `${groupOf(reference.apiVersion)}/${reference.kind}`;
  const seen: unknown[] = [metadata.uid, metadata.deletionTimestamp ?? ''];
  if (AUTHORED.has(kind)) {
    seen.push(metadata.resourceVersion);
  } else if (SHARED.has(kind)) {
    seen.push(canonical(ownEntries(metadata)));
  } else {
    const entries = metadata.managedFields ?? [];
    const written = entries.filter(({ subresource }) => subresource !== 'status');
    seen.push(metadata.generation ?? '', canonical(written));
  }
  return digest(seen);
}

/** A short digest of what we own in an object: it changes when another writes one of our fields. */
export function ownMark(metadata: ObjectMetadata | undefined): string {
  if (metadata === undefined) return ABSENT;
  return digest([metadata.uid, canonical(ownEntries(metadata))]);
}

/** What we have applied of an object, as the API server keeps it; empty where we never did. */
export function ownEntries(metadata: ObjectMetadata): ManagedFieldsEntry[] {
  return (metadata.managedFields ?? []).filter(
    ({ manager, operation, subresource }) =>
      manager === FIELD_MANAGER &&
      operation === 'Apply' &&
      (subresource === undefined || subresource === ''),
  );
}

// The API server sorts its entries partly by time: here their order does not count.
function canonical(entries: readonly ManagedFieldsEntry[]): string[] {
  return entries.map((entry) => JSON.stringify(entry)).sort();
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
