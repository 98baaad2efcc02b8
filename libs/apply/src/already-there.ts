import { checkRecord, type CheckRecordOptions } from './check-record.ts';
import type { InventoryEntry } from './inventory.ts';
import { identifyEntry, type ObjectReference } from './object-reference.ts';
import type { StoredRecord } from './record.ts';

/** Options of {@link alreadyThere}. */
export interface AlreadyThereOptions extends CheckRecordOptions {
  /** Whether what left the manifest and holds data is to be pruned. */
  readonly pruneData?: boolean | undefined;
}

/** A manifest that the cluster holds already. */
export interface AlreadyThere {
  readonly record: StoredRecord;
  readonly entries: readonly InventoryEntry[];
  /** Objects of the manifest. */
  readonly unchanged: readonly ObjectReference[];
  /** What left the manifest and stayed. */
  readonly left: readonly ObjectReference[];
}

/**
 * Tells whether the cluster holds this very manifest and these very secrets already, by the inventory and one metadata
 * request per kind, so that the manifest need not even be read; `undefined` where it may not.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function alreadyThere(
  options: AlreadyThereOptions,
): Promise<AlreadyThere | undefined> {
  const check = await checkRecord(options);
  if (!check.current) return undefined;
  const { record, inventory } = check;
  const { entries } = inventory;
  const isLeft = ({ known }: InventoryEntry) => known?.digest === '';
  const left = entries.filter(isLeft).map(identifyEntry);
  if (options.pruneData === true && left.length > 0) return undefined;
  const unchanged = entries.filter((entry) => !isLeft(entry)).map(identifyEntry);
  return { record, entries, unchanged, left };
}
