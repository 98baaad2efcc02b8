import type { ClusterOptions, ClusterState } from './cluster.ts';
import { notOurs } from './not-ours.ts';

/**
 * Empties the environment's local cluster: stops it if it runs, and starts a new one, with another identity.
 *
 * @throws {ClusterError} as {@link clusterUp} does.
 */
export async function clusterReset(options: ClusterOptions): Promise<ClusterState> {
  const { spec } = options;
  switch (spec.provider) {
    case 'embedded': {
      const { embeddedCluster } = await import('./embedded/embedded-cluster.ts');
      const { localReset } = await import('./embedded/local-cluster.ts');
      return await localReset(embeddedCluster({ ...options, spec }), options);
    }
    case 'node': {
      const { nodeCluster } = await import('./node/node-cluster.ts');
      const { localReset } = await import('./embedded/local-cluster.ts');
      return await localReset(nodeCluster({ ...options, spec }), options);
    }
    case 'kubevirtci': {
      const { kubevirtciReset } = await import('./kubevirtci/kubevirtci-cluster.ts');
      return await kubevirtciReset({ ...options, spec });
    }
    case 'kubeconfig':
      throw notOurs('reset', options);
  }
}
