import type { Cluster } from '@prow-deploy/cluster';
import { describeConflicts } from './conflict.ts';
import { digestWith, readDigestKey } from './digest-key.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { few } from './list-lines.ts';
import {
  describe,
  identify,
  identifyEntry,
  type ObjectReference,
  referenceKey,
} from './object-reference.ts';
import { type Preview, previewObject } from './plan/preview-object.ts';
import { asSent, resolve } from './resolve.ts';
import { persistently } from './send.ts';
import { readObjects } from './settle.ts';

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
  readonly environment: string;
  /** Namespace of the inventory, beside which the key of the digests lies. */
  readonly inventoryNamespace: string;
  /** The whole manifest, with the bytes of its secrets. */
  readonly objects: readonly KubernetesObject[];
  readonly signal?: AbortSignal | undefined;
}

const CONCURRENCY = 12;

/**
 * Compares a manifest with the cluster, by a server-side apply of each object that changes nothing (`dryRun`), whatever
 * the inventory says. Only fields that the manifest has are compared: what another added beside them is not ours.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function readDrift(options: ReadDriftOptions): Promise<Drift[]> {
  const { cluster, environment, signal } = options;
  const [index, key] = await Promise.all([
    cluster.resources({ refresh: true }),
    readDigestKey(options),
  ]);
  const digest = digestWith(key.bytes);
  const { resolved, unknown } = resolve(options.objects, index);
  const entries = resolved.map(({ entry }) => entry);
  const live = await persistently(() => readObjects({ cluster, entries, signal }));
  const { default: pMap } = await import('p-map');
  const secretDigest = (value: string) => digest([value]);
  const compared = await pMap(
    asSent(resolved, { environment, digest }),
    async (object): Promise<Drift> => {
      const { entry } = object;
      const there = live.get(referenceKey(entry));
      if (there === undefined) return { object: identifyEntry(entry), outcome: 'absent' };
      const settings = { cluster, takeOver: 'nothing', secretDigest, signal } as const;
      return {
        object: identifyEntry(entry),
        ...driftOf(await previewObject(object, there, settings)),
      };
    },
    { concurrency: CONCURRENCY },
  );
  const unserved = unknown.map((object): Drift => {
    const reason = `the cluster does not serve ${object.apiVersion} ${object.kind}`;
    return { object: identify(object), outcome: 'absent', reason };
  });
  return [...compared, ...unserved];
}

function driftOf(preview: Preview): Pick<Drift, 'outcome' | 'reason'> {
  switch (preview.outcome) {
    case 'same':
    case 'absent':
      return { outcome: preview.outcome };
    case 'differs': {
      const paths = preview.changes.map(({ path }) => path);
      return {
        outcome: 'differs',
        reason: `${few(paths)} ${paths.length === 1 ? 'differs' : 'differ'}`,
      };
    }
    case 'conflict':
      return { outcome: 'differs', reason: describeConflicts(preview.conflicts) };
    case 'rejected':
    case 'unknown':
      return { outcome: preview.outcome, reason: preview.message };
  }
}

/** One drift in words: `Deployment kubevirt-prow/deck: kubectl-edit holds .spec.replicas`. */
export function describeDrift({ object, outcome, reason }: Drift): string {
  const what = outcome === 'absent' ? (reason ?? 'not in the cluster') : (reason ?? outcome);
  return `${describe(object)}: ${what}`;
}
