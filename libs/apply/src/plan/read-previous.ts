import type { Cluster } from '@prow-deploy/cluster';
import { type InventoryEntry, uniteEntries } from '../inventory.ts';
import type { ObjectMetadata } from '../kubernetes-object.ts';
import { few } from '../list-lines.ts';
import { readMetadata } from '../read-metadata.ts';
import { labelledOwner } from './find-owners.ts';
import { rebuildEntries } from './rebuild-entries.ts';

/** Options of {@link readPrevious}. */
export interface ReadPreviousOptions {
  readonly cluster: Pick<Cluster, 'request' | 'resources'>;
  readonly environment: string;
  /** Entries of the inventory; `undefined` where there is none. */
  readonly stored: readonly InventoryEntry[] | undefined;
  /** Entries of the manifest. */
  readonly wanted: readonly InventoryEntry[];
  readonly signal?: AbortSignal | undefined;
}

/** What earlier applies have put into the cluster. */
export interface Previous {
  readonly entries: readonly InventoryEntry[];
  /** Live metadata of these and of the manifest's, by reference key. */
  readonly before: ReadonlyMap<string, ObjectMetadata>;
  /** What is out of the ordinary; each a sentence. */
  readonly warnings: readonly string[];
}

/**
 * Reads what earlier applies have put into the cluster: from the inventory, or, where that was deleted, by the labels of
 * the objects.
 */
export async function readPrevious(options: ReadPreviousOptions): Promise<Previous> {
  const { cluster, environment, stored, wanted, signal } = options;
  const all = uniteEntries(stored ?? [], wanted);
  const before = await readMetadata({ cluster, entries: all, signal });
  if (stored !== undefined) return { entries: stored, before, warnings: [] };
  const isOurs = (metadata: ObjectMetadata) => labelledOwner(metadata) === environment;
  if (![...before.values()].some(isOurs)) return { entries: [], before, warnings: [] };

  const { entries, unread } = await rebuildEntries({ cluster, environment, signal });
  const rest = await readMetadata({ cluster, entries, signal });
  const blind =
    unread.length === 0
      ? ''
      : ` These credentials may not list ${few(unread)} in the whole cluster: what left the manifest meanwhile may be missing.`;
  return {
    entries,
    before: new Map([...rest, ...before]),
    warnings: [
      `The inventory was lost. It is rebuilt from the labels of ${entries.length} objects.${blind}`,
    ],
  };
}
