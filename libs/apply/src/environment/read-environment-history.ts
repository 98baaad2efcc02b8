import type { Environment } from '@prow-deploy/environment';
import { type HistoryRecord, readHistory } from '../history/history.ts';
import { readInventory } from '../inventory-store.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';

/** The applies that the environment's cluster remembers, the newest first. @throws {ClusterError} {ApiError} {InventoryError} */
export async function readEnvironmentHistory(
  environment: Environment,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<HistoryRecord[]> {
  const { signal } = options;
  const where = { ...clusterOptionsOf(environment, options), access: 'read' } as const;
  return withCluster(where, async (cluster) => {
    const inventoryNamespace = environment.namespaces.prow;
    return readHistory(await readInventory({ cluster, inventoryNamespace, signal }));
  });
}
