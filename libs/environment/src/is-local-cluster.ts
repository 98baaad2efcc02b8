import type { ClusterSpec, KubeconfigCluster } from './environment.ts';

/** Whether a cluster is one that is started on this machine, and thrown away with all that is in it. */
export function isLocalCluster(
  cluster: ClusterSpec,
): cluster is Exclude<ClusterSpec, KubeconfigCluster> {
  return cluster.provider !== 'kubeconfig';
}
