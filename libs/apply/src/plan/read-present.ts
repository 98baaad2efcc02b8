import type { Cluster } from '@prow-deploy/cluster';
import { forecast } from '../forecast/forecast.ts';
import type { Forecast } from '../forecast/forecast-codes.ts';
import type { InventoryEntry } from '../inventory.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { referenceKey } from '../object-reference.ts';
import { persistently } from '../send.ts';
import { readObjects } from '../settle.ts';
import { readRelated } from './read-related.ts';

/** Options of {@link readPresent}. */
export interface ReadPresentOptions {
  readonly cluster: Pick<Cluster, 'request' | 'simulated'>;
  /** Objects of the manifest that are there, and may change; the others are foreseen as new. */
  readonly entries: readonly InventoryEntry[];
  /** All objects of the manifest. */
  readonly objects: readonly KubernetesObject[];
  readonly signal?: AbortSignal | undefined;
}

/** Objects as they are in the cluster. */
export interface Present {
  /** As it is; `undefined` where it is not there. */
  readonly of: (entry: InventoryEntry) => KubernetesObject | undefined;
  /** What is foreseen where an object becomes `next`. */
  readonly foresee: (entry: InventoryEntry, next: KubernetesObject) => readonly Forecast[];
}

/**
 * Reads the objects that a plan may change, and what tells how they take it.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function readPresent(options: ReadPresentOptions): Promise<Present> {
  const { cluster, entries, objects, signal } = options;
  const live = await persistently(() => readObjects({ cluster, entries, signal }));
  const readBeside = () => readRelated({ cluster, live: [...live.values()], signal });
  const related = live.size === 0 ? [] : [...objects, ...(await readBeside())];
  const of = (entry: InventoryEntry) => live.get(referenceKey(entry));
  return { of, foresee: (entry, next) => forecast({ live: of(entry), next, related }) };
}
