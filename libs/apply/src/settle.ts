import { ApiError, type Cluster, ClusterError } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import { groupBy } from './group-by.ts';
import type { InventoryEntry } from './inventory.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { describe, referenceKey } from './object-reference.ts';
import { explainPods } from './pod-reasons.ts';
import { pause } from './send.ts';
import type { ObjectStatus } from './status/object-status.ts';
import { settlesAtOnce, status } from './status/status.ts';

/** Options of {@link settle}. */
export interface SettleOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly entries: readonly InventoryEntry[];
  /** Deadline, in milliseconds. Default: 10 minutes. */
  readonly timeoutMs?: number | undefined;
  /** How long an object may stay `Failed` before waiting is given up, in milliseconds. Default: 60 000. */
  readonly failedGraceMs?: number | undefined;
  /** Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Receives a line whenever what is waited for changes. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** An object that did not settle. */
export interface Unsettled {
  readonly object: InventoryEntry;
  readonly status: ObjectStatus['status'];
  /** What its status says, and what its pods say. */
  readonly reason: string;
}

/** How waiting ended where not all has settled. */
export interface Unsettlement {
  /** `failed`: what is left says itself that it cannot. */
  readonly outcome: 'timeout' | 'failed' | 'aborted';
  readonly count: number;
  readonly unsettled: readonly Unsettled[];
}

/** How waiting ended. */
export type Settlement = { readonly outcome: 'settled'; readonly count: number } | Unsettlement;

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 1000;
const PODS_EXPLAINED_AT_MOST = 10;

/**
 * Waits until the cluster has done what each object asks for. Reads one list per kind and namespace that has objects
 * to wait for, every 0.3 to 1 s; a busy or unreachable API server is waited for, too.
 *
 * @throws {ApiError} {ClusterError} when the lists cannot be read for another reason.
 */
export async function settle(options: SettleOptions): Promise<Settlement> {
  const { cluster, entries, signal, onProgress } = options;
  const { timeoutMs = 600_000, failedGraceMs = 60_000 } = options;
  const deadline = Date.now() + timeoutMs;
  const seen = new Map<string, ObjectStatus>();
  const failedSince = new Map<string, number>();
  let waiting = entries.filter((entry) => !settlesAtOnce(entry));
  let line = '';
  let pauseMs = FIRST_PAUSE_MS;
  const isAborted = () => signal?.aborted === true;

  const ended = async (outcome: 'timeout' | 'failed' | 'aborted'): Promise<Settlement> => ({
    outcome,
    count: entries.length,
    unsettled: await explainUnsettled(cluster, waiting, seen, outcome === 'aborted'),
  });

  for (;;) {
    if (isAborted()) return ended('aborted');
    try {
      const objects = await readObjects({ cluster, entries: waiting, signal });
      for (const entry of waiting) {
        const key = referenceKey(entry);
        seen.set(key, status(objects.get(key)));
      }
    } catch (error) {
      if (isAborted()) return ended('aborted');
      if (!isPassing(error)) throw error;
    }
    waiting = waiting.filter((entry) => seen.get(referenceKey(entry))?.status !== 'Current');
    if (waiting.length === 0) return { outcome: 'settled', count: entries.length };

    const next = progressLine(entries.length, waiting, seen);
    if (next !== line) onProgress?.(next);
    line = next;

    const now = Date.now();
    const givenUp = waiting.filter((entry) => {
      const key = referenceKey(entry);
      if (seen.get(key)?.status !== 'Failed') {
        failedSince.delete(key);
        return false;
      }
      const since = failedSince.get(key) ?? now;
      failedSince.set(key, since);
      // A Job that failed stays so; a Deployment past its deadline may yet recover from what this apply repaired.
      return entry.kind === 'Job' || now - since >= failedGraceMs;
    });
    if (givenUp.length === waiting.length) return ended('failed');
    if (now >= deadline) return ended('timeout');
    try {
      await pause(Math.min(pauseMs, deadline - now), signal);
    } catch {
      return ended('aborted');
    }
    pauseMs = Math.min(pauseMs * 1.25, LONGEST_PAUSE_MS);
  }
}

/** The live objects, whole, by reference key: one list per kind and namespace. */
export async function readObjects(
  options: Pick<SettleOptions, 'cluster' | 'entries' | 'signal'>,
): Promise<Map<string, KubernetesObject>> {
  const { cluster, entries, signal } = options;
  const lists = groupBy(entries, (entry) => apiPath(entry, { namespace: entry.namespace }));
  const found = new Map<string, KubernetesObject>();
  await Promise.all(
    [...lists].map(async ([path, members]) => {
      const [first] = members;
      if (first === undefined) return;
      const query = members.length === 1 ? { fieldSelector: `metadata.name=${first.name}` } : {};
      const { apiVersion, kind } = first;
      try {
        const { body } = await cluster.request({ path, query, signal });
        const { items } = body as { items?: readonly KubernetesObject[] | null };
        for (const item of items ?? []) {
          // Items of a list do not say their kind.
          const object = { ...item, apiVersion, kind };
          found.set(referenceKey({ ...first, ...nameOf(item) }), object);
        }
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    }),
  );
  return found;
}

function nameOf({ metadata }: KubernetesObject): { namespace: string | undefined; name: string } {
  return { namespace: metadata.namespace, name: metadata.name };
}

function isPassing(error: unknown): boolean {
  if (error instanceof ClusterError) return error.code === 'unreachable';
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

function progressLine(
  count: number,
  waiting: readonly InventoryEntry[],
  seen: ReadonlyMap<string, ObjectStatus>,
): string {
  const [first] = waiting;
  const what =
    first === undefined
      ? ''
      : `; waiting for ${describe(first)}: ${seen.get(referenceKey(first))?.reason ?? 'the API server does not answer'}`;
  return `${count - waiting.length}/${count} settled${what}`;
}

async function explainUnsettled(
  cluster: Pick<Cluster, 'request'>,
  waiting: readonly InventoryEntry[],
  seen: ReadonlyMap<string, ObjectStatus>,
  briefly: boolean,
): Promise<Unsettled[]> {
  return Promise.all(
    waiting.map(async (object, index) => {
      const { status, reason } = seen.get(referenceKey(object)) ?? {
        status: 'InProgress' as const,
        reason: 'the API server did not answer',
      };
      const pods =
        briefly || index >= PODS_EXPLAINED_AT_MOST ? undefined : await explainPods(cluster, object);
      return { object, status, reason: pods === undefined ? reason : `${reason}; ${pods}` };
    }),
  );
}
