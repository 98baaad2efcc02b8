import type { Cluster } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { pause } from './send.ts';

const POD = { apiVersion: 'v1', resource: 'pods', namespaced: true } as const;
const EVERY_MS = 500;

export interface HurryPodsOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly namespaces: readonly string[];
  /** How long a pod that is being deleted may take to end, in seconds. */
  readonly graceSeconds: number;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** Shortens the time that pods which are being deleted may take to end, until it is told to stop. Others are left alone. */
export async function hurryPods(options: HurryPodsOptions): Promise<void> {
  const { namespaces, signal } = options;
  while (!signal.aborted) {
    // A pod that is gone meanwhile is what is wanted; what stays is told by whoever waits for its owner.
    await Promise.all(
      namespaces.map((namespace) => hurryPodsOf(namespace, options).catch(() => undefined)),
    );
    await pause(EVERY_MS, signal).catch(() => undefined);
  }
}

async function hurryPodsOf(
  namespace: string,
  { cluster, graceSeconds, signal }: HurryPodsOptions,
): Promise<void> {
  const { body } = await cluster.request({ path: apiPath(POD, { namespace }), signal });
  const { items } = body as { items?: readonly KubernetesObject[] | null };
  for (const { metadata } of items ?? []) {
    const { name, uid, deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
    if (deletionTimestamp === undefined || Number(deletionGracePeriodSeconds) <= graceSeconds) {
      continue;
    }
    await cluster.request({
      method: 'DELETE',
      path: apiPath(POD, { namespace, name }),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: graceSeconds,
        preconditions: { uid },
      },
      signal,
    });
  }
}
