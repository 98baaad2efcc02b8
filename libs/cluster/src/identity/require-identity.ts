import type { ClusterIdentity } from '@prow-deploy/environment';
import { ApiError } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { type IdentityDifference, identityDifferences } from './identity-differences.ts';

/** What is about to be done with a cluster. */
export type Access = 'read' | 'write';

/**
 * Lets the work go on only in the cluster that environment.yaml pins. To be called before the first write. An embedded
 * cluster needs no pin: it is found by our own record, in a folder of the environment. What only reads may do without
 * a pin, but not in another cluster than the pinned one: what it would tell of there is not of this environment.
 *
 * @throws {ClusterError} `identity-differs`; `identity-absent` before a write to a cluster without a pin; and what
 *   {@link Cluster.identity} throws, which is asked only where there is a pin.
 */
export async function requireIdentity(
  cluster: Pick<
    Cluster,
    'environment' | 'provider' | 'server' | 'kubeconfig' | 'context' | 'identity'
  >,
  pinned: ClusterIdentity | undefined,
  access: Access = 'write',
): Promise<void> {
  const { environment, provider, server, kubeconfig, context } = cluster;
  if (provider === 'embedded' || (pinned === undefined && access === 'read')) return;
  const file = `environments/${environment}/environment.yaml`;
  const pin = `nx run ${environment}:pin-cluster`;
  if (pinned === undefined) {
    throw new ClusterError(
      'identity-absent',
      `Cannot write to the cluster of ${environment}: ${file} does not pin it (cluster.identity), so that a kubeconfig ` +
        `that leads to another would not be noticed. Check that the API server ${server} (context ${context} of the ` +
        `kubeconfig ${kubeconfig}) is that of ${environment}, then: ${pin}`,
    );
  }
  const found = await readIdentity(cluster, pinned);
  const differences = identityDifferences(pinned, found.identity);
  if (differences.length === 0) return;
  throw new ClusterError(
    'identity-differs',
    [
      `Cannot ${access === 'write' ? 'write to' : 'read'} the cluster of ${environment}: it is not as ${file} pins it (cluster.identity).`,
      ...differences.map(
        ({ name, expected, found }) => `  ${name}: ${expected} expected, ${found} found`,
      ),
      `  found through: context ${context} of the kubeconfig ${kubeconfig}`,
      ...(found.failure === undefined ? [] : [`  what answers there: ${found.failure.message}`]),
      `${meaning(differences, found.failure)} If it is right, which you have checked: ${pin}`,
    ].join('\n'),
    { cause: found.failure },
  );
}

interface Found {
  readonly identity: ClusterIdentity;
  /** Why the uid could not be read. */
  readonly failure?: Error | undefined;
}

// Where the address is another, that is why it does not answer as it should: it takes no uid to say so.
async function readIdentity(
  cluster: Pick<Cluster, 'server' | 'identity'>,
  pinned: ClusterIdentity,
): Promise<Found> {
  try {
    return { identity: await cluster.identity() };
  } catch (error) {
    const identity = { ...pinned, server: cluster.server };
    const refused = error instanceof ClusterError || error instanceof ApiError;
    if (!refused || identityDifferences(pinned, identity).length === 0) throw error;
    return { identity, failure: error };
  }
}

// What a person is to make of it, and what to do first.
function meaning(differences: readonly IdentityDifference[], failure: Error | undefined): string {
  const parts = new Set(differences.map(({ part }) => part));
  if (failure !== undefined) {
    return 'Correct cluster.context, cluster.kubeconfig or KUBECONFIG.';
  }
  if (parts.has('uid')) {
    return parts.has('server')
      ? 'This is another cluster. Correct cluster.context, cluster.kubeconfig or KUBECONFIG.'
      : 'This is another cluster at the same address: it was made anew, or the address was given to another. What the environment had in the one is not in the other.';
  }
  return parts.has('server')
    ? 'This is the same cluster at another address. Use the address that is expected.'
    : 'This is the same cluster, and other certificates vouch for it: they were renewed, or another answers in its place. Ask its administrators.';
}
