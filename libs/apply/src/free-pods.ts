import { type Cluster, MERGE_PATCH } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { pause } from './send.ts';

const POD = { apiVersion: 'v1', resource: 'pods', namespaced: true } as const;
/** What crier puts on the pods of jobs until it has reported them; without crier nobody takes it away. */
const FINALIZER = 'prow.x-k8s.io/gcsk8sreporter';
const EVERY_MS = 1000;

export interface FreePodsOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Namespaces that are being removed, after crier was. */
  readonly namespaces: readonly string[];
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/**
 * Takes from the pods of jobs what would keep them, and with them their namespaces, for ever, until it is told to stop. The
 * pods were asked for by nobody who is left.
 */
export async function freePods({ cluster, namespaces, signal }: FreePodsOptions): Promise<void> {
  while (!signal.aborted) {
    // A pod or namespace that is gone meanwhile is what is wanted; what stays is told by whoever waits for the namespace.
    await Promise.all(
      namespaces.map((namespace) => freePodsOf(cluster, namespace, signal).catch(() => undefined)),
    );
    await pause(EVERY_MS, signal).catch(() => undefined);
  }
}

async function freePodsOf(
  cluster: Pick<Cluster, 'request'>,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await cluster.request({ path: apiPath(POD, { namespace }), signal });
  const { items } = body as { items?: readonly KubernetesObject[] | null };
  for (const { metadata } of items ?? []) {
    const { name, deletionTimestamp, resourceVersion } = metadata;
    const finalizers = metadata.finalizers ?? [];
    if (deletionTimestamp === undefined || !finalizers.includes(FINALIZER)) continue;
    await cluster.request({
      method: 'PATCH',
      path: apiPath(POD, { namespace, name }),
      contentType: MERGE_PATCH,
      body: {
        metadata: { resourceVersion, finalizers: finalizers.filter((one) => one !== FINALIZER) },
      },
      signal,
    });
  }
}
