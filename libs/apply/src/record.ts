import type { Cluster } from '@prow-deploy/cluster';
import { fingerprint, type Marks } from './fingerprint.ts';
import { type InventoryPlace, readInventory, writeInventory } from './inventory-store.ts';
import { InventoryError } from './inventory-error.ts';

/** The kinds of work that the cluster remembers, each under its own key. */
export const RECORD_KINDS = ['apply', 'verify'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What the caller knows of the work that is done. */
export interface RecordValues {
  /** Nx's hash of the task; empty outside Nx. */
  readonly hash: string;
  /** Digest of the manifest, with placeholders where secrets go. */
  readonly manifestDigest: string;
  /** Keyed digest of the secrets' values. */
  readonly secretsDigest: string;
}

/** What the cluster remembers of work that succeeded. */
export interface StoredRecord extends RecordValues {
  /** Of the cluster as the work left it. */
  readonly fingerprint: string;
  /** ISO 8601, UTC, by the API server's clock. */
  readonly at: string;
}

/** Options of {@link writeRecord}. */
export interface WriteRecordOptions extends InventoryPlace {
  readonly cluster: Pick<Cluster, 'request' | 'identity' | 'now'>;
  readonly environment: string;
  readonly kind: RecordKind;
  readonly values: RecordValues;
  /** As {@link readMarks} read them. */
  readonly marks: Marks;
}

/** Lets the cluster remember that work was done; returns what was written. */
export async function writeRecord(options: WriteRecordOptions): Promise<StoredRecord> {
  const { environment, kind, values, marks } = options;
  const record = await makeRecord(options.cluster, values, marks);
  await writeInventory(options, { environment, data: { [kind]: JSON.stringify(record) } });
  return record;
}

/** A record of this moment. */
export async function makeRecord(
  cluster: Pick<Cluster, 'identity' | 'now'>,
  values: RecordValues,
  marks: Marks,
): Promise<StoredRecord> {
  const { hash, manifestDigest, secretsDigest } = values;
  const digest = fingerprint(await cluster.identity(), marks);
  const at = cluster.now().toISOString();
  return { hash, manifestDigest, secretsDigest, fingerprint: digest, at };
}

/**
 * What the cluster remembers of the last such work; `undefined` where it remembers none.
 *
 * @throws {InventoryError} `unreadable` where the inventory was damaged.
 */
export async function readRecord(
  options: InventoryPlace & { readonly kind: RecordKind },
): Promise<StoredRecord | undefined> {
  const stored = await readInventory(options);
  return stored === undefined ? undefined : recordOf(stored.data, options.kind);
}

/** The record of a kind in an inventory's data; `undefined` where there is none, or a damaged one. */
export function recordOf(
  data: Readonly<Record<string, string>>,
  kind: RecordKind,
): StoredRecord | undefined {
  const text = data[kind];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as StoredRecord;
  } catch (error) {
    throw new InventoryError('unreadable', `Cannot read the record of ${kind}: it is no JSON.`, {
      cause: error,
    });
  }
}
