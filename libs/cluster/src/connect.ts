import type { ClusterOptions, Cluster } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';

export function connect(options: ClusterOptions): Promise<Cluster> {
  return Promise.reject(new ClusterError('not-running', `Not built yet: ${options.environment}.`));
}
