import { ApiError, APPLY_PATCH, type Cluster } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import { conflictsOf, describeConflicts } from './conflict.ts';
import { differingPaths } from './differing-paths.ts';
import { FIELD_MANAGER } from './field-manager.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { describe, identify, type ObjectReference, referenceKey } from './object-reference.ts';
import { explainRejection } from './rejection.ts';
import { type ResolvedObject, resolve } from './resolve.ts';
import { send } from './send.ts';
import { readObjects } from './settle.ts';
import { without } from './without.ts';

/** How an object of the manifest compares with the cluster. */
export const DRIFT_OUTCOMES = [
  /** An apply would change nothing. */
  'same',
  /** An apply would change something. */
  'differs',
  /** It is not in the cluster. */
  'absent',
  /** The API server would not take it. */
  'rejected',
  /** It cannot be told: a webhook does not take dry runs. */
  'unknown',
] as const;
export type DriftOutcome = (typeof DRIFT_OUTCOMES)[number];

/** One object of the manifest, compared with the cluster. */
export interface Drift {
  readonly object: ObjectReference;
  readonly outcome: DriftOutcome;
  /** What differs, or why it is rejected or unknown; never a value. */
  readonly reason?: string | undefined;
}

/** Options of {@link readDrift}. */
export interface ReadDriftOptions {
  readonly cluster: Pick<Cluster, 'request' | 'resources' | 'simulated'>;
  /** The whole manifest, with the bytes of its secrets. */
  readonly objects: readonly KubernetesObject[];
  readonly signal?: AbortSignal | undefined;
}

const CONCURRENCY = 12;
const NAMED_AT_MOST = 5;

/**
 * Compares a manifest with the cluster, by a server-side apply of each object that changes nothing (`dryRun`). Only
 * fields that the manifest has are compared: what another added beside them is not ours.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function readDrift(options: ReadDriftOptions): Promise<Drift[]> {
  const { cluster, objects, signal } = options;
  const { resolved, unknown } = resolve(objects, await cluster.resources({ refresh: true }));
  const entries = resolved.map(({ entry }) => entry);
  const live = await readObjects({ cluster, entries, signal });
  const { default: pMap } = await import('p-map');
  const compared = await pMap(
    resolved,
    (object) => compare(options, object, live.get(referenceKey(object.entry))),
    { concurrency: CONCURRENCY },
  );
  const unserved = unknown.map((object): Drift => {
    const reason = `the cluster does not serve ${object.apiVersion} ${object.kind}`;
    return { object: identify(object), outcome: 'absent', reason };
  });
  return [...compared, ...unserved];
}

async function compare(
  { cluster, signal }: ReadDriftOptions,
  { entry, object }: ResolvedObject,
  live: KubernetesObject | undefined,
): Promise<Drift> {
  if (live === undefined) return { object: entry, outcome: 'absent' };
  const request = {
    method: 'PATCH',
    path: apiPath(entry, entry),
    query: { fieldManager: FIELD_MANAGER, dryRun: 'All' },
    body: object,
    contentType: APPLY_PATCH,
    signal,
  } as const;
  try {
    const { body, status } = await send({ cluster, request, signal });
    if (status === 201) return { object: entry, outcome: 'absent' };
    const paths = differingPaths(comparable(live), comparable(body as KubernetesObject));
    if (paths.length === 0) return { object: entry, outcome: 'same' };
    const verb = paths.length === 1 ? 'differs' : 'differ';
    return { object: entry, outcome: 'differs', reason: `${few(paths)} ${verb}` };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const conflicts = conflictsOf(error);
    if (conflicts.length > 0) {
      return { object: entry, outcome: 'differs', reason: describeConflicts(conflicts) };
    }
    const { message } = explainRejection(error, object, cluster);
    const outcome = /does not support dry run/.test(error.serverMessage) ? 'unknown' : 'rejected';
    return { object: entry, outcome, reason: message };
  }
}

// Without what moves by itself between two readings, and what only says who wrote the rest.
function comparable(object: KubernetesObject): Record<string, unknown> {
  const metadata = without(object.metadata, 'managedFields', 'resourceVersion', 'generation');
  return { ...without(object, 'apiVersion', 'kind', 'status'), metadata };
}

function few(paths: readonly string[]): string {
  const more = paths.length - NAMED_AT_MOST;
  return paths.slice(0, NAMED_AT_MOST).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** One drift in words: `Deployment kubevirt-prow/deck: kubectl-edit holds .spec.replicas`. */
export function describeDrift({ object, outcome, reason }: Drift): string {
  const what = outcome === 'absent' ? (reason ?? 'not in the cluster') : (reason ?? outcome);
  return `${describe(object)}: ${what}`;
}
