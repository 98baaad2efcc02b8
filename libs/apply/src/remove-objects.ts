import { ApiError, type Cluster } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import type { CleanupAction } from './cleanup-result.ts';
import { errorMessage } from './error-message.ts';
import type { InventoryEntry } from './inventory.ts';
import type { ObjectMetadata } from './kubernetes-object.ts';
import { referenceKey } from './object-reference.ts';
import { readMetadata } from './read-metadata.ts';
import { pause, send } from './send.ts';

/** Options of {@link removeObjects}. */
export interface RemoveObjectsOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly entries: readonly InventoryEntry[];
  /** By reference key. Only that very object is deleted, and not another that has its name by now. */
  readonly uids: ReadonlyMap<string, string>;
  /** How long they may take to be gone, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What became of an object, and why. */
export interface RemovedObject {
  readonly action: Extract<CleanupAction, 'deleted' | 'failed' | 'skipped'>;
  readonly reason?: string;
}

const CONCURRENCY = 12;
const PAUSE_MS = 300;

// Their pods are gone before they are: nothing runs on without what is removed next.
const WORKLOADS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
]);

/** Deletes objects in parallel and waits until they are gone; says of each, by reference key, what became of it. */
export async function removeObjects(
  options: RemoveObjectsOptions,
): Promise<Map<string, RemovedObject>> {
  const { entries, uids, timeoutMs, signal } = options;
  const { default: pMap } = await import('p-map');
  const removals = new Map<string, RemovedObject>();
  const isAborted = () => signal?.aborted === true;

  await pMap(
    entries,
    async (entry) => removals.set(referenceKey(entry), await ask(options, entry)),
    {
      concurrency: CONCURRENCY,
    },
  );

  const deadline = Date.now() + timeoutMs;
  let waiting = entries.filter((entry) => removals.get(referenceKey(entry))?.action === 'deleted');
  while (waiting.length > 0) {
    const live = isAborted() ? undefined : await readLive(options, waiting);
    const isThere = (entry: InventoryEntry) => {
      const key = referenceKey(entry);
      return live === undefined || live.get(key)?.uid === uids.get(key);
    };
    waiting = waiting.filter(isThere);
    const late = Date.now() >= deadline;
    if (late || isAborted()) {
      const why = late ? `it is not gone after ${Math.round(timeoutMs / 1000)} s` : 'interrupted';
      for (const entry of waiting) {
        const key = referenceKey(entry);
        removals.set(key, { action: 'failed', reason: `${why}${heldBy(live?.get(key))}` });
      }
      break;
    }
    if (waiting.length > 0) await pause(PAUSE_MS, signal).catch(() => undefined);
  }
  return removals;
}

// `deleted` here: the API server took the request, or the object is gone already.
async function ask(options: RemoveObjectsOptions, entry: InventoryEntry): Promise<RemovedObject> {
  const { cluster, uids, signal } = options;
  if (signal?.aborted === true) return { action: 'skipped' };
  const propagationPolicy = WORKLOADS.has(entry.kind) ? 'Foreground' : 'Background';
  const preconditions = { uid: uids.get(referenceKey(entry)) };
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, preconditions };
  try {
    const path = apiPath(entry, entry);
    await send({ cluster, request: { method: 'DELETE', path, body }, signal });
    return { action: 'deleted' };
  } catch (error) {
    // Not there, or another by the same name.
    if (error instanceof ApiError && (error.status === 404 || error.status === 409)) {
      return { action: 'deleted' };
    }
    if (error === signal?.reason) return { action: 'skipped' };
    return { action: 'failed', reason: errorMessage(error) };
  }
}

// `undefined` where the API server does not answer: it is asked again, until the deadline.
async function readLive(
  { cluster, signal }: RemoveObjectsOptions,
  entries: readonly InventoryEntry[],
): Promise<Map<string, ObjectMetadata> | undefined> {
  try {
    return await readMetadata({ cluster, entries, signal });
  } catch {
    return undefined;
  }
}

function heldBy(metadata: ObjectMetadata | undefined): string {
  const finalizers = metadata?.finalizers ?? [];
  return finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
}
