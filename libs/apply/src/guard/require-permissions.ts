import type { Cluster } from '@prow-deploy/cluster';
import { describeMissing } from '../permissions/describe-missing.ts';
import {
  missingPermissions,
  type MissingPermissionsOptions,
} from '../permissions/missing-permissions.ts';
import { GuardError } from './guard-error.ts';

/** Options of {@link requirePermissions}. */
export interface RequirePermissionsOptions extends MissingPermissionsOptions {
  readonly cluster: Pick<Cluster, 'request' | 'environment' | 'context' | 'kubeconfig'>;
}

/**
 * Lets an apply begin only if the user of the connection may do all that it needs: otherwise some objects would be
 * written, and others refused.
 *
 * @throws {GuardError} `forbidden`, with what is to be granted.
 * @throws {ApiError} {ClusterError} see {@link missingPermissions}.
 */
export async function requirePermissions(options: RequirePermissionsOptions): Promise<void> {
  const missing = await missingPermissions(options);
  if (missing.length === 0) return;
  const { environment, context, kubeconfig } = options.cluster;
  throw new GuardError(
    'forbidden',
    `Cannot apply ${environment}: the user of the context ${context} in the kubeconfig ${kubeconfig} may not ` +
      `${describeMissing(missing)}. Have the administrators of the cluster grant that.`,
  );
}
