import type { Cluster, ClusterOptions } from '../cluster.ts';
import { connect } from '../connect.ts';

/** Connects to a cluster for the time of the work. */
export async function using<T>(
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
