import type { NodeCluster } from '@prow-deploy/environment';
import type { ClusterOptions } from '../cluster.ts';
import type { LocalCluster } from '../embedded/local-cluster.ts';
import { waitUntilReady } from '../embedded/wait-until-ready.ts';
import { daemonNotReady } from './daemon-ready.ts';
import { nodeNotReady, reconcileLabels } from './node-object.ts';
import { nodeTools, type NodeTools } from './node-tools.ts';
import { requireNodeMachine } from './requirements.ts';
import { startNode } from './start-node.ts';

const DEFAULT_NAME = 'node01';

/** The control plane of an embedded cluster, and a real node. */
export function nodeCluster(
  options: ClusterOptions & { readonly spec: NodeCluster },
): LocalCluster<NodeTools> {
  const { name = DEFAULT_NAME, labels = {} } = options.spec;
  return {
    provider: 'node',
    nodes: [name],
    what: 'a control plane with a node that runs containers',

    async check() {
      await requireNodeMachine(options);
    },

    tools: nodeTools,

    async start(start) {
      return startNode(start, { name, programs: await requireNodeMachine(options) });
    },

    settle(settle) {
      const { cluster } = settle;
      return waitUntilReady({
        ...settle,
        steps: [
          async () => {
            await reconcileLabels(cluster, name, labels);
            return undefined;
          },
          () => daemonNotReady(cluster, 'coredns'),
          () => daemonNotReady(cluster, 'kube-proxy'),
          () => nodeNotReady(cluster, name),
        ],
      });
    },
  };
}
