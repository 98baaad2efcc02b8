import { APPLY_PATCH } from '../api-request.ts';
import type { Cluster } from '../cluster.ts';

const FIELD_MANAGER = 'prow-deploy-cluster';

interface Node {
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** Gives the node the labels that the environment wants, and no longer those that it wanted before. */
export async function reconcileLabels(
  cluster: Cluster,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  await cluster.request({
    method: 'PATCH',
    path: `/api/v1/nodes/${name}`,
    query: { fieldManager: FIELD_MANAGER, force: true },
    contentType: APPLY_PATCH,
    body: { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } },
  });
}

/** Why the node takes no pods yet, or `undefined` when it does. */
export async function nodeNotReady(cluster: Cluster, name: string): Promise<string | undefined> {
  const { body } = await cluster.request({ path: `/api/v1/nodes/${name}` });
  const { spec, status } = body as Node;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') {
    return `not ready: node ${name}${ready?.message ? ` (${ready.message})` : ''}`;
  }
  const taint = spec?.taints?.find(({ key }) => key.startsWith('node.kubernetes.io/'));
  return taint && `not ready: node ${name} (taint ${taint.key})`;
}
