import { ApiError, type Cluster } from '@prow-deploy/cluster';
import type { CleanedObject, CleanupAction, CleanupResult } from './cleanup-result.ts';
import { removeDigestKey } from './digest-key.ts';
import { freePods } from './free-pods.ts';
import { removeManifests } from './history/manifest-store.ts';
import { InventoryError } from './inventory-error.ts';
import type { Inventory, InventoryEntry } from './inventory.ts';
import {
  readAllInventories,
  readInventory,
  removeInventory,
  writeInventory,
} from './inventory-store.ts';
import { describe, referenceKey } from './object-reference.ts';
import { order } from './order.ts';
import { readMetadata } from './read-metadata.ts';
import { releaseObject } from './release-object.ts';
import { decideRemoval } from './removal.ts';
import { removeObjects } from './remove-objects.ts';

/** Options of {@link cleanup}. */
export interface CleanupOptions {
  readonly cluster: Cluster;
  /** Name of the environment whose inventory it must be. Default: that of the cluster. */
  readonly environment?: string;
  /** Namespace of the inventory: the environment's Prow namespace. */
  readonly inventoryNamespace: string;
  /**
   * Removes what holds data too: PersistentVolumeClaims, PersistentVolumes, CustomResourceDefinitions with their
   * objects, and Namespaces with all that is in them. Default: `false`.
   */
  readonly includeData?: boolean;
  /** How long the objects of one step may take to be gone, in milliseconds. Default: 2 minutes. */
  readonly timeoutMs?: number;
  /** Receives one line per step. Default: nobody. */
  readonly onProgress?: (line: string) => void;
  /** Ends the work between two requests. Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes what apply put into the cluster, by its inventory, in the reverse order of the steps, and waits until it is
 * gone. The inventory goes last; it stays, with the rest, where something was kept or could not be removed.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read before anything is deleted.
 * @throws {InventoryError} `unreadable`, or `foreign` when the inventory is that of another environment.
 */
export async function cleanup(options: CleanupOptions): Promise<CleanupResult> {
  const { cluster, inventoryNamespace, includeData = false, timeoutMs = 120_000 } = options;
  const { environment = cluster.environment, onProgress, signal } = options;
  const start = Date.now();
  const isAborted = () => signal?.aborted === true;
  const { entries, others, exists } = await readInventories({ ...options, environment });
  const live = await readMetadata({ cluster, entries, signal });
  const uids = new Map([...live].map(([key, { uid = '' }]) => [key, uid]));

  const results = new Map<string, CleanedObject>();
  const set = (object: InventoryEntry, result: Omit<CleanedObject, 'object'>) => {
    results.set(referenceKey(object), { object, ...result });
  };
  const steps = removalSteps(entries, inventoryNamespace);
  for (const step of steps) {
    if (isAborted()) break;
    const doomed: InventoryEntry[] = [];
    for (const entry of step) {
      const metadata = live.get(referenceKey(entry));
      const removal =
        metadata && decideRemoval(entry, { environment, metadata, includeData, others });
      if (removal === undefined) {
        set(entry, { action: 'absent' });
      } else if (removal.verb === 'keep') {
        set(entry, { action: 'kept', reason: removal.reason });
      } else if (removal.verb === 'release') {
        const reason = await releaseObject({ cluster, entry, signal });
        set(entry, reason === undefined ? { action: 'released' } : { action: 'failed', reason });
      } else {
        doomed.push(entry);
      }
    }
    const [first] = doomed;
    if (first === undefined) continue;
    const more = doomed.length === 1 ? '' : ` and ${doomed.length - 1} more`;
    onProgress?.(`removing ${describe(first)}${more}`);
    const freed = new AbortController();
    const namespaces = doomed.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name);
    const freeing =
      namespaces.length > 0 && freePods({ cluster, namespaces, signal: freed.signal });
    const removing = removeObjects({ cluster, entries: doomed, uids, timeoutMs, signal });
    const removals = await removing.finally(() => {
      freed.abort();
    });
    await freeing;
    for (const entry of doomed) {
      set(entry, removals.get(referenceKey(entry)) ?? { action: 'skipped' });
    }
  }

  const objects = steps
    .flat()
    .map((object) => results.get(referenceKey(object)) ?? { object, action: 'skipped' as const });
  const left = steps.flat().filter((_, index) => {
    const action = objects[index]?.action;
    return action === undefined || !REMOVED.has(action);
  });
  // Not the caller's signal: what is left must be known, however this ended.
  const place = { cluster, inventoryNamespace };
  const inventoryRemains = exists && (await keepInventory({ ...place, environment, left }));
  const failed = objects.some(({ action }) => action === 'failed' || action === 'skipped');
  return {
    outcome: isAborted() ? 'aborted' : failed ? 'failed' : 'cleaned',
    environment,
    objects,
    inventoryRemains,
    durationMs: Date.now() - start,
  };
}

const REMOVED: ReadonlySet<CleanupAction> = new Set(['deleted', 'absent', 'released']);

// The reverse of an apply; the namespace of the inventory takes the inventory with it, so it is the very last.
function removalSteps(entries: readonly InventoryEntry[], home: string): InventoryEntry[][] {
  const isHome = (entry: InventoryEntry) =>
    entry.apiVersion === 'v1' && entry.kind === 'Namespace' && entry.name === home;
  const steps = order(entries.filter((entry) => !isHome(entry))).reverse();
  return [...steps.map(({ objects }) => [...objects]), entries.filter(isHome)];
}

async function readInventories(
  options: CleanupOptions & { readonly environment: string },
): Promise<{ entries: readonly InventoryEntry[]; others: readonly Inventory[]; exists: boolean }> {
  const { environment, inventoryNamespace } = options;
  const [stored, all = []] = await Promise.all([
    readInventory(options),
    readAllInventories(options),
  ]);
  const owner = stored?.inventory.environment ?? environment;
  if (owner !== environment) {
    throw new InventoryError(
      'foreign',
      `Cannot clean up ${environment}: the inventory in namespace ${inventoryNamespace} is that of ${owner}. ` +
        'Name the environment that is meant.',
    );
  }
  return {
    entries: stored?.inventory.entries ?? [],
    others: all.filter(({ namespace }) => namespace !== inventoryNamespace),
    exists: stored !== undefined,
  };
}

// Leaves an inventory of what is left; returns whether there is one.
async function keepInventory(options: {
  readonly cluster: Cluster;
  readonly inventoryNamespace: string;
  readonly environment: string;
  readonly left: readonly InventoryEntry[];
}): Promise<boolean> {
  const { environment, left } = options;
  if (left.length === 0) {
    await Promise.all([removeManifests(options), removeDigestKey(options)]);
    await removeInventory(options);
    return false;
  }
  try {
    const data = { apply: undefined, verify: undefined };
    await writeInventory(options, { environment, entries: left, data });
    return true;
  } catch (error) {
    // Its namespace is going, and it with it.
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return false;
    throw error;
  }
}
