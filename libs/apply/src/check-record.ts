import type { Cluster } from '@prow-deploy/cluster';
import { fingerprint, type Marks, readMarks } from './fingerprint.ts';
import { type InventoryPlace, readInventory } from './inventory-store.ts';
import { InventoryError } from './inventory-error.ts';
import { few } from './list-lines.ts';
import { ABSENT } from './mark.ts';
import { describe, referenceKey } from './object-reference.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import { persistently } from './send.ts';
import { type RecordKind, recordOf, type StoredRecord } from './record.ts';

/** Options of {@link checkRecord}. */
export interface CheckRecordOptions extends InventoryPlace {
  readonly cluster: Pick<Cluster, 'request' | 'identity' | 'now'>;
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
  | {
      readonly current: true;
      readonly record: StoredRecord;
      readonly inventory: Inventory;
    }
  | { readonly current: false; readonly reason: string };

const NAMED_AT_MOST = 3;

/**
 * Tells whether this very manifest and these very secrets are in this very cluster, and nobody changed them since.
 * Costs one request for the inventory, then one metadata request per kind, all at once; no discovery.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function checkRecord(options: CheckRecordOptions): Promise<RecordCheck> {
  const { cluster, kind = 'apply', manifestDigest, secretsDigest, maxAgeMs, signal } = options;
  const no = (reason: string): RecordCheck => ({ current: false, reason });
  let stored;
  let record;
  // Where there is no cluster, nobody is to go on asking for its inventory.
  const gone = new AbortController();
  const place = {
    ...options,
    signal: signal === undefined ? gone.signal : AbortSignal.any([signal, gone.signal]),
  };
  try {
    [stored] = await Promise.all([
      readInventory(place),
      persistently(() => cluster.identity(), { retries: 2 }),
    ]);
    record = stored === undefined ? undefined : recordOf(stored.data, kind);
  } catch (error) {
    gone.abort();
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
  if (maxAgeMs !== undefined && !(cluster.now().getTime() - Date.parse(record.at) <= maxAgeMs)) {
    return no(`the last ${kind} is older than ${Math.round(maxAgeMs / 60_000)} min`);
  }
  const marks = await readMarks(cluster, inventory, { signal });
  if (fingerprint(await cluster.identity(), marks) !== record.fingerprint) {
    return no(
      explainChanges(inventory.entries, marks) ??
        'the cluster is another one, or is reached by another address',
    );
  }
  return { current: true, record, inventory };
}

/** Names the first objects that are not as they were last known; `undefined` where all are. */
export function explainChanges(entries: readonly InventoryEntry[], now: Marks): string | undefined {
  const changes = entries.flatMap((entry) => {
    const before = entry.known?.mark;
    const mark = now[referenceKey(entry)] ?? ABSENT;
    return before === mark ? [] : [`${describe(entry)} ${verb(before, mark)}`];
  });
  return changes.length === 0 ? undefined : few(changes.sort(), NAMED_AT_MOST);
}

function verb(before: string | undefined, now: string): string {
  if (now === ABSENT) return 'was deleted';
  if (before === undefined) return 'came into the inventory';
  if (before === ABSENT) return 'was made';
  return 'was changed';
}
