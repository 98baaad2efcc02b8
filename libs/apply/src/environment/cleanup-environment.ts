import { type Environment, isLocalCluster } from '@prow-deploy/environment';
import { cleanup, type CleanupOptions } from '../cleanup.ts';
import type { CleanupResult } from '../cleanup-result.ts';
import { readInventory } from '../inventory-store.ts';
import { confirmEnvironment, requireConfirmable } from './confirm.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';

export interface CleanupEnvironmentOptions extends Pick<
  CleanupOptions,
  'onProgress' | 'signal' | 'includeData'
> {
  /** Name of the environment, as whoever changes a protected one must give it. Default: not given. */
  readonly confirm?: string | undefined;
}

/**
 * Removes what apply put into the environment's cluster. Whether what holds data goes too is said by the caller; a
 * cluster that is thrown away anyway (a local one) keeps none.
 *
 * @throws {UnconfirmedError} {ClusterError} {ApiError} {InventoryError} before anything was removed.
 */
export async function cleanupEnvironment(
  environment: Environment,
  options: CleanupEnvironmentOptions = {},
): Promise<CleanupResult> {
  const { confirm, includeData = isLocalCluster(environment.cluster), ...rest } = options;
  requireConfirmable(environment, confirm, 'cleanup');
  return withCluster(clusterOptionsOf(environment, rest), async (cluster) => {
    const inventoryNamespace = environment.namespaces.prow;
    const { signal } = rest;
    const stored = await readInventory({ cluster, inventoryNamespace, signal });
    const count = stored?.inventory.entries.length ?? 0;
    await confirmEnvironment({
      environment,
      target: 'cleanup',
      confirm,
      cluster,
      summary: `${count} objects to remove, ${includeData ? 'with' : 'without'} what holds data`,
      signal,
    });
    return cleanup({
      ...rest,
      includeData,
      cluster,
      environment: environment.name,
      inventoryNamespace,
    });
  });
}
