import { holdsData } from './holds-data.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { ENVIRONMENT_KEY } from './inventory-store.ts';
import type { ObjectMetadata } from './kubernetes-object.ts';
import { ownEntries } from './mark.ts';
import { referenceKey } from './object-reference.ts';

/** What is to become of an object that is to go. */
export type Removal =
  | { readonly verb: 'delete' }
  /** It was there before the first apply: it stays, without what apply added to it. */
  | { readonly verb: 'release' }
  /** `forget`: it is not ours, so it leaves the inventory. */
  | { readonly verb: 'keep'; readonly reason: string; readonly forget: boolean };

/** Options of {@link decideRemoval}. */
export interface DecideRemovalOptions {
  readonly environment: string;
  /** Live metadata of the object. */
  readonly metadata: ObjectMetadata;
  /** Whether what holds data may go. */
  readonly includeData: boolean;
  /** Inventories of other environments. */
  readonly others: readonly Inventory[];
}

/** Decides what becomes of an object that is to go: what is not ours stays, and what holds data needs a yes. */
export function decideRemoval(entry: InventoryEntry, options: DecideRemovalOptions): Removal {
  const { environment, metadata, includeData, others } = options;
  const key = referenceKey(entry);
  const other = others.find(({ entries }) => entries.some((one) => referenceKey(one) === key));
  if (other !== undefined) {
    return { verb: 'keep', reason: `${other.environment} has it too`, forget: true };
  }
  const owner = metadata.labels?.[ENVIRONMENT_KEY] ?? environment;
  if (owner !== environment) return { verb: 'keep', reason: `it is ${owner}'s now`, forget: true };
  if (ownEntries(metadata).length === 0) {
    return { verb: 'keep', reason: 'it is not ours any more', forget: true };
  }
  const isNamespace = entry.kind === 'Namespace';
  if (holdsData(entry)) {
    if (!includeData) return { verb: 'keep', reason: 'it holds data', forget: false };
    if (entry.adopted === true && !isNamespace) {
      return { verb: 'keep', reason: 'it was there before the first apply', forget: false };
    }
  }
  // A Node is the cluster's, whoever made it; a Namespace of others has what is others' in it.
  const isOthers = entry.kind === 'Node' || (isNamespace && entry.adopted === true);
  return isOthers ? { verb: 'release' } : { verb: 'delete' };
}
