import type { ClusterOptions } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';

export function clusterDown(options: ClusterOptions): Promise<void> {
  return Promise.reject(new ClusterError('not-running', `Not built yet: ${options.environment}.`));
}
