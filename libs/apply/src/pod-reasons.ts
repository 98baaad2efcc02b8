import type { Cluster } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import type { InventoryEntry } from './inventory.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { status } from './status/status.ts';

const TIMEOUT_MS = 5000;

/**
 * What keeps the pods of a workload from being ready, such as `pod deck-1: 0/1 nodes are available`; `undefined`
 * where it has no pods, or they cannot be read: this is an addition to a reason, and never the reason for an error.
 */
export async function explainPods(
  cluster: Pick<Cluster, 'request'>,
  entry: InventoryEntry,
): Promise<string | undefined> {
  const { namespace } = entry;
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'].includes(entry.kind)) {
    return undefined;
  }
  try {
    const workload = await cluster.request({ path: apiPath(entry, entry), timeoutMs: TIMEOUT_MS });
    const { spec } = workload.body as {
      spec?: { selector?: { matchLabels?: Record<string, string> } };
    };
    const labels = Object.entries(spec?.selector?.matchLabels ?? {});
    if (labels.length === 0) return undefined;
    const pods = await cluster.request({
      path: apiPath({ apiVersion: 'v1', resource: 'pods', namespaced: true }, { namespace }),
      query: { labelSelector: labels.map(([label, value]) => `${label}=${value}`).join(',') },
      timeoutMs: TIMEOUT_MS,
    });
    const { items } = pods.body as { items?: readonly KubernetesObject[] | null };
    for (const item of items ?? []) {
      const pod = status({ ...item, apiVersion: 'v1', kind: 'Pod' });
      if (pod.status !== 'Current') return `pod ${item.metadata.name}: ${pod.reason}`;
    }
    return undefined;
  } catch {
    // The reason without its pods is still a reason.
    return undefined;
  }
}
