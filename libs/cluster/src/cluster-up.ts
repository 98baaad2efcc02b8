import type { ClusterOptions, ClusterState } from './cluster.ts';
import { notOurs } from './not-ours.ts';

/**
 * Starts the environment's local cluster, of provider embedded or node, or finds it running. Returns once the API server
 * is ready, its nodes are those of `environment.yaml` (a running cluster's nodes are changed accordingly) and take pods.
 *
 * A cluster of which any part is missing, as after a reboot, is removed and started anew, empty; `onProgress` is told.
 * The cluster outlives this process. At most one process starts or stops it at a time; others wait.
 *
 * @throws {ClusterError} `start-failed` with the end of the failing component's log; nothing is left running then. Also
 *   where the machine cannot run it, with all that is missing.
 *   `not-ours`, `locked`, `stop-failed`.
 * @throws {ToolchainError} when its binaries cannot be obtained.
 */
export async function clusterUp(options: ClusterOptions): Promise<ClusterState> {
  const { spec } = options;
  switch (spec.provider) {
    case 'embedded': {
      const { embeddedCluster } = await import('./embedded/embedded-cluster.ts');
      const { localUp } = await import('./embedded/local-cluster.ts');
      return await localUp(embeddedCluster({ ...options, spec }), options);
    }
    case 'node': {
      const { nodeCluster } = await import('./node/node-cluster.ts');
      const { localUp } = await import('./embedded/local-cluster.ts');
      return await localUp(nodeCluster({ ...options, spec }), options);
    }
    case 'kubevirtci': {
      const { kubevirtciUp } = await import('./kubevirtci/kubevirtci-cluster.ts');
      return await kubevirtciUp({ ...options, spec });
    }
    case 'kubeconfig':
      throw notOurs('start', options);
  }
}
