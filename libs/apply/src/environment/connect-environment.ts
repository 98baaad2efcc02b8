import { type Cluster, type ClusterOptions, connect } from '@prow-deploy/cluster';
import type { Environment } from '@prow-deploy/environment';

/** How an environment names its cluster to the library that connects. */
export function clusterOptionsOf(
  environment: Environment,
  rest: Pick<ClusterOptions, 'signal' | 'onProgress'> = {},
): ClusterOptions {
  const { name, cluster, workspaceRoot } = environment;
  return { environment: name, spec: cluster, workspaceRoot, ...rest };
}

/** Connects to the environment's cluster for the time of the work. */
export async function withCluster<T>(
  options: ClusterOptions,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await connect(options);
  try {
    return await work(cluster);
  } finally {
    cluster.close();
  }
}
