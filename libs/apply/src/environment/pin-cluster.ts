import {
  type ClusterIdentity,
  ClusterError,
  connect,
  type IdentityDifference,
  identityDifferences,
} from '@prow-deploy/cluster';
import { type Environment, writeIdentity } from '@prow-deploy/environment';
import { confirmEnvironment } from './confirm.ts';
import { clusterOptionsOf } from './connect-environment.ts';

/** Options of {@link pinCluster}. */
export interface PinClusterOptions {
  /** Name of the environment, as whoever changes a protected one must give it. Default: it is asked for. */
  readonly confirm?: string | undefined;
  /** Is told what was found, before anything is asked or written. Default: nobody. */
  readonly onFound?: (found: FoundCluster) => void;
  /** Ends the work early. Default: never. */
  readonly signal?: AbortSignal | undefined;
}

/** The cluster that an environment leads to. */
export interface FoundCluster {
  readonly environment: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly identity: ClusterIdentity;
  /** What environment.yaml pins; `undefined` where it pins nothing. */
  readonly pinned: ClusterIdentity | undefined;
  /** What is not as it is pinned; empty where nothing is pinned. */
  readonly differences: readonly IdentityDifference[];
}

/**
 * Writes the identity of the cluster that an environment leads to into its environment.yaml, from where on nothing is
 * written to any other. Resolves to whether there was anything to write.
 *
 * @throws {ClusterError} {ApiError} {UnconfirmedError} {EnvironmentError} before anything was written.
 */
export async function pinCluster(
  environment: Environment,
  options: PinClusterOptions = {},
): Promise<boolean> {
  const { confirm, onFound, signal } = options;
  const { name, cluster: spec } = environment;
  if (spec.provider !== 'kubeconfig') {
    throw new ClusterError(
      'not-ours',
      `Cannot pin the cluster of ${name}: it is an embedded one, which is found in a folder of its own and by nothing else.`,
    );
  }
  const cluster = await connect(clusterOptionsOf(environment, { signal }));
  try {
    const { kubeconfig, context } = cluster;
    const pinned = spec.identity;
    const identity = await cluster.identity();
    const differences = pinned === undefined ? [] : identityDifferences(pinned, identity);
    onFound?.({ environment: name, kubeconfig, context, identity, pinned, differences });
    if (pinned !== undefined && differences.length === 0) return false;
    const summary = `environment.yaml pins ${pinned === undefined ? 'this cluster' : differences.map((difference) => difference.name).join(', ')}`;
    await confirmEnvironment({
      environment,
      target: 'pin-cluster',
      confirm,
      cluster,
      summary,
      signal,
    });
    await writeIdentity(environment, identity);
    return true;
  } finally {
    cluster.close();
  }
}
