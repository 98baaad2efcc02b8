import type { Environment } from '@prow-deploy/environment';
import { explainChanges } from '../check-record.ts';
import { readMarks } from '../fingerprint.ts';
import { type HistoryRecord, readHistory } from '../history/history.ts';
import { readInventory } from '../inventory-store.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';

/** What an environment's cluster tells of it. */
export interface EnvironmentState {
  /** Absent where nothing was applied yet. */
  readonly lastApply?: HistoryRecord;
  /** What is no longer as an apply left it, in words; absent where all is. */
  readonly drift?: string;
}

/**
 * Reads when an environment was last applied, and what became of it since. Needs neither a build nor the secrets, and
 * costs one request for the inventory and one metadata request per kind.
 *
 * @throws {ClusterError} {ApiError} {InventoryError} where the cluster cannot be read.
 */
export async function readEnvironmentState(
  environment: Environment,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<EnvironmentState> {
  const { signal } = options;
  const where = { ...clusterOptionsOf(environment, options), access: 'read' } as const;
  return withCluster(where, async (cluster) => {
    const inventoryNamespace = environment.namespaces.prow;
    const stored = await readInventory({ cluster, inventoryNamespace, signal });
    if (stored === undefined) return {};
    const [lastApply] = readHistory(stored);
    const { inventory } = stored;
    const drift =
      inventory.environment === environment.name
        ? explainChanges(inventory.entries, await readMarks(cluster, inventory, { signal }))
        : `the inventory there is that of ${inventory.environment}`;
    return {
      ...(lastApply === undefined ? {} : { lastApply }),
      ...(drift === undefined ? {} : { drift }),
    };
  });
}
