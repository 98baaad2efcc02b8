import type { SimulatedNode } from '@prow-deploy/environment';
import { APPLY_PATCH } from '../api-request.ts';
import type { Cluster } from '../cluster.ts';

const NODES = '/api/v1/nodes';
const FIELD_MANAGER = 'prow-deploy-cluster';
const ANNOTATION = 'kwok.x-k8s.io/node';
const CAPACITY = { cpu: '32', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '110' };

interface NodeList {
  readonly items: readonly Node[];
}

interface Node {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Makes the cluster's simulated nodes those of the environment, labels included; other nodes are left alone. */
export async function reconcileNodes(
  cluster: Cluster,
  nodes: readonly SimulatedNode[],
): Promise<void> {
  const wanted = new Set(nodes.map(({ name }) => name));
  const surplus = (await simulatedNodes(cluster)).filter(
    ({ metadata }) => !wanted.has(metadata.name),
  );
  await Promise.all([
    ...nodes.map((node) =>
      cluster.request({
        method: 'PATCH',
        path: `${NODES}/${node.name}`,
        query: { fieldManager: FIELD_MANAGER, force: true },
        contentType: APPLY_PATCH,
        body: nodeObject(node),
      }),
    ),
    ...surplus.map(({ metadata }) =>
      cluster.request({ method: 'DELETE', path: `${NODES}/${metadata.name}` }),
    ),
  ]);
}

/** Why the simulated nodes cannot take pods yet, or `undefined` when they can. */
export async function nodesNotReady(
  cluster: Cluster,
  nodes: readonly SimulatedNode[],
): Promise<string | undefined> {
  const ready = new Set(
    (await simulatedNodes(cluster)).filter(isReady).map((n) => n.metadata.name),
  );
  const missing = nodes.map(({ name }) => name).filter((name) => !ready.has(name));
  return missing.length === 0 ? undefined : `not ready: node ${missing.join(', ')}`;
}

async function simulatedNodes(cluster: Cluster): Promise<readonly Node[]> {
  const { body } = await cluster.request({ path: NODES });
  return (body as NodeList).items.filter(
    ({ metadata }) => metadata.annotations?.[ANNOTATION] === 'fake',
  );
}

// A node keeps its taint not-ready for a moment after it is Ready, and takes no pods until then.
function isReady({ spec, status }: Node): boolean {
  return (
    status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True' &&
    !spec?.taints?.some(({ key }) => key.startsWith('node.kubernetes.io/'))
  );
}

function nodeObject({ name, labels }: SimulatedNode): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [ANNOTATION]: 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        type: 'kwok',
        ...labels,
      },
    },
    status: { capacity: CAPACITY, allocatable: CAPACITY },
  };
}
