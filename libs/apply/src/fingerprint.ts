import { createHash } from 'node:crypto';
import type { Cluster, ClusterIdentity } from '@prow-deploy/cluster';
import type { Inventory } from './inventory.ts';
import { mark } from './mark.ts';
import { referenceKey } from './object-reference.ts';
import { readMetadata } from './read-metadata.ts';

/** The mark of each object, by its reference key. */
export type Marks = Readonly<Record<string, string>>;

/** Reads the marks of everything in an inventory: one metadata request per kind, all at once. */
export async function readMarks(
  cluster: Pick<Cluster, 'request'>,
  inventory: Pick<Inventory, 'entries'>,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Marks> {
  const { entries } = inventory;
  const metadata = await readMetadata({ cluster, entries, signal: options.signal });
  const marks = entries.map((entry) => {
    const key = referenceKey(entry);
    return [key, mark(entry, metadata.get(key))] as const;
  });
  return Object.fromEntries(marks.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Digest, in hex, of which cluster it is and of the mark of each object. */
export function fingerprint(identity: ClusterIdentity, marks: Marks): string {
  const { uid, server, caSha256 } = identity;
  const sorted = Object.entries(marks).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([uid, server, caSha256, sorted]))
    .digest('hex');
}

/**
 * What an environment left in its cluster, as one digest: it changes when the cluster is another, or when an object of
 * the inventory was changed or deleted, and stays while controllers report on their status.
 */
export async function readFingerprint(
  cluster: Pick<Cluster, 'request' | 'identity'>,
  inventory: Pick<Inventory, 'entries'>,
): Promise<string> {
  const [identity, marks] = await Promise.all([cluster.identity(), readMarks(cluster, inventory)]);
  return fingerprint(identity, marks);
}
