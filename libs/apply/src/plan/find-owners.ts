import type { Inventory, InventoryEntry } from '../inventory.ts';
import { ENVIRONMENT_KEY } from '../inventory-store.ts';
import type { ObjectMetadata } from '../kubernetes-object.ts';
import { ownEntries } from '../mark.ts';
import { referenceKey } from '../object-reference.ts';
import { isShareable } from '../shareable.ts';

/** Options of {@link findOwners}. */
export interface FindOwnersOptions {
  readonly environment: string;
  /** Of the manifest. */
  readonly entries: readonly InventoryEntry[];
  /** Their live metadata, by reference key. */
  readonly before: ReadonlyMap<string, ObjectMetadata>;
  /** Inventories of other environments. */
  readonly others: readonly Inventory[];
}

/**
 * Which objects of the manifest belong to another environment, by reference key. All environments write as one field
 * manager, so the API server would not see that one writes what is another's; inventories and labels tell.
 */
export function findOwners(options: FindOwnersOptions): Map<string, string> {
  const { environment, entries, before, others } = options;
  const inventoried = new Map(
    others.flatMap((other) =>
      other.entries.map((entry) => [referenceKey(entry), other.environment] as const),
    ),
  );
  const owners = new Map<string, string>();
  for (const entry of entries) {
    if (isShareable(entry)) continue;
    const key = referenceKey(entry);
    const owner = inventoried.get(key) ?? labelledOwner(before.get(key));
    if (owner !== undefined && owner !== environment) owners.set(key, owner);
  }
  return owners;
}

/** The environment that the label of an object names, if that environment has applied it. */
export function labelledOwner(metadata: ObjectMetadata | undefined): string | undefined {
  if (metadata === undefined || ownEntries(metadata).length === 0) return undefined;
  return metadata.labels?.[ENVIRONMENT_KEY];
}
