import type { Cluster } from '@prow-deploy/cluster';
import { fingerprint, type Marks, readMarks } from './fingerprint.ts';
import { type InventoryPlace, readInventory } from './inventory-store.ts';
import { InventoryError } from './inventory-error.ts';
import { ABSENT } from './mark.ts';
import { describe, referenceKey } from './object-reference.ts';
import type { InventoryEntry } from './inventory.ts';
import { type RecordKind, recordOf, type StoredRecord } from './record.ts';

/** Options of {@link checkRecord}. */
export interface CheckRecordOptions extends InventoryPlace {
  readonly cluster: Pick<Cluster, 'request' | 'identity'>;
  /** Default: `apply`. */
  readonly kind?: RecordKind;
  readonly manifestDigest: string;
  readonly secretsDigest: string;
  /** Name of the environment: a record of another one does not count. Default: any. */
  readonly environment?: string;
  /** Older records do not count, in milliseconds. Default: no limit. */
  readonly maxAgeMs?: number;
}

/** Whether the cluster still is as the work left it; if not, why, in words. */
export type RecordCheck =
  | { readonly current: true; readonly record: StoredRecord }
  | { readonly current: false; readonly reason: string };

const NAMED_AT_MOST = 3;

/**
 * Tells whether this very manifest and these very secrets are in this very cluster, and nobody changed them since.
 * Costs one request for the inventory, then one metadata request per kind, all at once; no discovery, no retries.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function checkRecord(options: CheckRecordOptions): Promise<RecordCheck> {
  const { cluster, kind = 'apply', manifestDigest, secretsDigest, maxAgeMs, signal } = options;
  const no = (reason: string): RecordCheck => ({ current: false, reason });
  let stored;
  let record;
  try {
    [stored] = await Promise.all([readInventory(options), cluster.identity()]);
    record = stored === undefined ? undefined : recordOf(stored.data, kind);
  } catch (error) {
    if (error instanceof InventoryError) return no(error.message);
    throw error;
  }
  if (stored === undefined) return no('nothing was applied to this cluster yet');
  const { inventory } = stored;
  if (options.environment !== undefined && inventory.environment !== options.environment) {
    return no(`the inventory is that of ${inventory.environment}`);
  }
  if (record === undefined) return no(`the last ${kind} did not succeed, or there was none`);
  if (record.manifestDigest !== manifestDigest) return no('the manifest differs');
  if (record.secretsDigest !== secretsDigest) return no('the secrets differ');
  if (maxAgeMs !== undefined && !(Date.now() - Date.parse(record.at) <= maxAgeMs)) {
    return no(`the last ${kind} is older than ${Math.round(maxAgeMs / 60_000)} min`);
  }
  const marks = await readMarks(cluster, inventory, { signal });
  const changed = explainChanges(inventory.entries, record.marks, marks);
  if (changed !== undefined) return no(changed);
  if (fingerprint(await cluster.identity(), marks) !== record.fingerprint) {
    return no('the cluster is another one, or is reached by another address');
  }
  return { current: true, record };
}

/** Names the first objects that differ between two readings; `undefined` where none does. */
export function explainChanges(
  entries: readonly InventoryEntry[],
  before: Marks,
  now: Marks,
): string | undefined {
  const known = new Map(entries.map((entry) => [referenceKey(entry), describe(entry)]));
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const changes = keys
    .filter((key) => before[key] !== now[key])
    .map((key) => `${known.get(key) ?? key} ${verb(before[key], now[key])}`);
  if (changes.length === 0) return undefined;
  const more = changes.length - NAMED_AT_MOST;
  return changes.slice(0, NAMED_AT_MOST).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

function verb(before: string | undefined, now: string | undefined): string {
  if (now === undefined) return 'left the inventory';
  if (now === ABSENT) return 'was deleted';
  if (before === undefined) return 'came into the inventory';
  if (before === ABSENT) return 'was made';
  return 'was changed';
}
