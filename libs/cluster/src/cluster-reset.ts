import type { ClusterOptions, ClusterState } from './cluster.ts';
import { embeddedCluster } from './embedded/embedded-cluster.ts';
import { localReset } from './embedded/local-cluster.ts';
import { kubevirtciReset } from './kubevirtci/kubevirtci-cluster.ts';
import { nodeCluster } from './node/node-cluster.ts';
import { notOurs } from './not-ours.ts';

/**
 * Empties the environment's local cluster: stops it if it runs, and starts a new one, with another identity.
 *
 * @throws {ClusterError} as {@link clusterUp} does.
 */
export async function clusterReset(options: ClusterOptions): Promise<ClusterState> {
  const { spec } = options;
  switch (spec.provider) {
    case 'embedded':
      return await localReset(embeddedCluster({ ...options, spec }), options);
    case 'node':
      return await localReset(nodeCluster({ ...options, spec }), options);
    case 'kubevirtci':
      return await kubevirtciReset({ ...options, spec });
    case 'kubeconfig':
      throw notOurs('reset', options);
  }
}
