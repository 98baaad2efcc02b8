import {
  describe,
  type KubernetesObject,
  readObjects,
  referenceKey,
  type ResolvedObject,
} from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import type { Check, Findings } from '../verify-report.ts';

/** Options of {@link checkActive}. */
export interface CheckActiveOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly resolved: readonly ResolvedObject[];
  readonly signal?: AbortSignal | undefined;
}

// The field that stops a kind from doing its work. Setting it by hand contradicts no field of the manifest.
const STOPS: Readonly<Record<string, { readonly field: string; readonly reason: string }>> = {
  CronJob: { field: 'suspend', reason: 'it is suspended, and the manifest does not say so' },
  Deployment: { field: 'paused', reason: 'it is paused, and the manifest does not say so' },
};

/** Whether nothing was stopped by hand. */
export async function checkActive(options: CheckActiveOptions): Promise<Findings> {
  const { cluster, resolved, signal } = options;
  const stoppable = resolved.filter(({ kind }) => STOPS[kind] !== undefined);
  const entries = stoppable.map(({ entry }) => entry);
  const live = await readObjects({ cluster, entries, signal });
  const checks = stoppable.map(({ entry, object }): Check => {
    const reason = stopReason(object, live.get(referenceKey(entry)));
    return {
      check: 'active',
      object: describe(entry),
      ...(reason === undefined ? {} : { reason }),
    };
  });
  return {
    passed: checks.filter(({ reason }) => reason === undefined),
    failed: checks.filter(({ reason }) => reason !== undefined),
  };
}

/** Why an object does not do its work, where the manifest does not ask for that. Pure. */
export function stopReason(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): string | undefined {
  const stop = STOPS[object.kind];
  if (stop === undefined) return undefined;
  if (live === undefined) return 'it is not in the cluster';
  return isSet(live, stop.field) && !isSet(object, stop.field) ? stop.reason : undefined;
}

function isSet({ spec }: KubernetesObject, field: string): boolean {
  return (spec as Readonly<Record<string, unknown>> | undefined)?.[field] === true;
}
