import type { ClusterOptions, ClusterState } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';

export function clusterReset(options: ClusterOptions): Promise<ClusterState> {
  return Promise.reject(new ClusterError('not-running', `Not built yet: ${options.environment}.`));
}
