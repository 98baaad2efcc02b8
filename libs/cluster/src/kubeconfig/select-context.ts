import { ClusterError } from '../cluster-error.ts';
import type { Kubeconfig, KubeconfigSelection } from './kubeconfig.ts';

/**
 * Finds a context, and the cluster and the user that it names. The kubeconfig's current context plays no part.
 *
 * @throws {ClusterError} `context-absent`, or `kubeconfig-invalid` when what the context names is not there.
 */
export function selectContext(
  kubeconfig: Kubeconfig,
  context: string,
  path: string,
): KubeconfigSelection {
  const entry = kubeconfig.contexts.get(context);
  if (entry === undefined) {
    const names = [...kubeconfig.contexts.keys()].sort();
    throw new ClusterError(
      'context-absent',
      `Cannot use the context "${context}": the kubeconfig ${path} has ` +
        `${names.length === 0 ? 'no context at all' : `only ${names.join(', ')}`}. ` +
        'Correct cluster.context in environment.yaml, or add the context to the kubeconfig.',
    );
  }
  const invalid = (why: string) =>
    new ClusterError(
      'kubeconfig-invalid',
      `Cannot use the context "${context}" of the kubeconfig ${path}: ${why}. Correct the kubeconfig.`,
    );
  const cluster = kubeconfig.clusters.get(entry.cluster ?? '');
  if (cluster === undefined) {
    throw invalid(`its cluster "${entry.cluster ?? ''}" is not in there`);
  }
  const user = entry.user ? kubeconfig.users.get(entry.user) : {};
  if (user === undefined) {
    throw invalid(`its user "${entry.user ?? ''}" is not in there`);
  }
  if (!URL.canParse(cluster.server ?? '') || !/^https?:/.test(cluster.server ?? '')) {
    throw invalid(`the server of its cluster "${entry.cluster ?? ''}" is not a URL`);
  }
  return { context, server: (cluster.server ?? '').replace(/\/+$/, ''), cluster, user };
}
