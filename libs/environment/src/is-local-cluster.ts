import type { ClusterSpec, EmbeddedCluster, NodeCluster } from './environment.ts';

/** Whether a cluster is one that is started on this machine, and thrown away with all that is in it. */
export function isLocalCluster(cluster: ClusterSpec): cluster is EmbeddedCluster | NodeCluster {
  return cluster.provider === 'embedded' || cluster.provider === 'node';
}
