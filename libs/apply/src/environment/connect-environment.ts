import {
  type Access,
  type Cluster,
  type ClusterOptions,
  connect,
  requireIdentity,
} from '@prow-deploy/cluster';
import type { Environment } from '@prow-deploy/environment';
import { learnSecrets } from '@prow-deploy/secrets';

/** How an environment names its cluster to the library that connects. */
export function clusterOptionsOf(
  environment: Environment,
  rest: Pick<ClusterOptions, 'signal' | 'onProgress'> = {},
): ClusterOptions {
  const { name, configuration, cluster, workspaceRoot } = environment;
  return { environment: name, configuration, spec: cluster, workspaceRoot, ...rest };
}

/** Options of {@link withCluster}. */
export interface WithClusterOptions extends ClusterOptions {
  /**
   * What the work is about to do. Without a pin (cluster.identity in environment.yaml) a cluster that a kubeconfig leads
   * to is only read; another than the pinned one is not even that. Default: `write`.
   */
  readonly access?: Access;
}

/**
 * Connects to the environment's cluster for the time of the work, which begins only if it is the pinned one.
 *
 * @throws {ClusterError} {ApiError} before the work: see {@link connect} and {@link requireIdentity}.
 */
export async function withCluster<T>(
  options: WithClusterOptions,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const { access = 'write', environment, spec, workspaceRoot } = options;
  // The cluster holds these values, and may tell them: in an error, an event, a log.
  const [cluster] = await Promise.all([connect(options), learnSecrets(workspaceRoot, environment)]);
  try {
    const pinned = spec.provider === 'kubeconfig' ? spec.identity : undefined;
    await requireIdentity(cluster, pinned, access);
    return await work(cluster);
  } finally {
    cluster.close();
  }
}
