import { ApiError } from '../api-error.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import { ClusterError } from '../cluster-error.ts';
import type { Whereabouts } from './unreachable.ts';

/**
 * The uid of the namespace kube-system: every cluster has it from its first moment, and no other cluster has the same.
 *
 * @throws {ClusterError} `identity-unreadable`
 */
export async function readUid(
  request: (wanted: ApiRequest) => Promise<ApiResponse>,
  where: Omit<Whereabouts, 'remedy'>,
): Promise<string> {
  const { environment, server, kubeconfig, context } = where;
  const unreadable = (why: string, cause?: unknown): ClusterError =>
    new ClusterError(
      'identity-unreadable',
      `Cannot tell which cluster ${environment} leads to (API server ${server}, context ${context} of the kubeconfig ` +
        `${kubeconfig}): ${why}. Have the user of that context granted to get the namespace kube-system, or correct the context.`,
      { cause },
    );
  try {
    const { body } = await request({ path: '/api/v1/namespaces/kube-system' });
    const { uid } = (body as { readonly metadata?: { readonly uid?: unknown } }).metadata ?? {};
    if (typeof uid === 'string' && uid !== '') return uid;
    throw unreadable('what answers there is no Kubernetes API server');
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404)) throw error;
    throw unreadable(
      error.status === 404 ? 'it has no namespace kube-system' : error.serverMessage,
      error,
    );
  }
}
