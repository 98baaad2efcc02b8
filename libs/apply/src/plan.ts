import { ApiError, type Cluster, METADATA } from '@prow-deploy/cluster';
import { type Inventory, type InventoryEntry, uniteEntries } from './inventory.ts';
import { readAllInventories, readInventory } from './inventory-store.ts';
import type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts';
import { ownEntries } from './mark.ts';
import { describe, groupOf, identify, referenceKey } from './object-reference.ts';
import { order, type Step } from './order.ts';
import { readMetadata } from './read-metadata.ts';
import { type ResolvedObject, resolve } from './resolve.ts';
import { send } from './send.ts';

/** Options of {@link readPlan}. */
export interface PlanOptions {
  readonly cluster: Pick<Cluster, 'request' | 'resources'>;
  readonly environment: string;
  readonly inventoryNamespace: string;
  readonly objects: readonly KubernetesObject[];
  /** Whether objects of other environments may be written. Default: `false`. */
  readonly takeFromOthers?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What an apply is about to do, and what is there before it. */
export interface Plan {
  readonly steps: readonly Step<ResolvedObject>[];
  /** Of the manifest. */
  readonly entries: readonly InventoryEntry[];
  /** Of the manifest, and of earlier applies. */
  readonly union: readonly InventoryEntry[];
  /** In the inventory and in the cluster, not in the manifest. */
  readonly left: readonly InventoryEntry[];
  /** Live metadata of the union, by reference key. */
  readonly before: ReadonlyMap<string, ObjectMetadata>;
  /** The Namespace of the inventory, where it does not exist yet: it comes before all else. */
  readonly firstOfAll: ResolvedObject | undefined;
}

/** A manifest that does not fit this cluster, in words: nothing was sent. */
export interface Refusal {
  readonly refused: string;
}

/**
 * Reads what an apply needs to know before it writes.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 * @throws {InventoryError} `unreadable` when the inventory was damaged.
 */
export async function readPlan(options: PlanOptions): Promise<Plan | Refusal> {
  const { cluster, environment, inventoryNamespace, objects, signal } = options;
  const [index, stored, inventories] = await Promise.all([
    cluster.resources(),
    readInventory(options),
    readAllInventories(options),
  ]);
  let resolution = resolve(objects, index);
  if (resolution.unknown.length > 0) {
    // It may have come since the index was read.
    resolution = resolve(objects, await cluster.resources({ refresh: true }));
  }
  const { resolved, unknown } = resolution;
  if (unknown.length > 0) {
    const named = unknown.map((object) => `${describe(identify(object))} (${object.apiVersion})`);
    return {
      refused: `this cluster does not serve the kind of ${few(named)}. Correct the apiVersion, or add the CustomResourceDefinition`,
    };
  }
  const twice = firstTwice(resolved);
  if (twice !== undefined) {
    return { refused: `${twice} is in the manifest twice. Remove one of them` };
  }
  const owner = stored?.inventory.environment ?? environment;
  if (owner !== environment) {
    return {
      refused: `the inventory in namespace ${inventoryNamespace} is that of ${owner}. Give each environment a Prow namespace of its own`,
    };
  }
  const others = (inventories ?? []).filter(({ namespace }) => namespace !== inventoryNamespace);
  const claimed = options.takeFromOthers === true ? [] : claims(resolved, others);
  if (claimed.length > 0) {
    return {
      refused: `${few(claimed)}. Rename it, or apply with take-over "everything"`,
    };
  }

  const previous = stored?.inventory.entries ?? [];
  const known = new Set(previous.map(referenceKey));
  const plain = resolved.map(({ entry }) => entry);
  const before = await readMetadata({ cluster, entries: uniteEntries(previous, plain), signal });
  const now = plain.map((entry) => {
    const key = referenceKey(entry);
    const metadata = before.get(key);
    const adopted = !known.has(key) && metadata !== undefined && ownEntries(metadata).length === 0;
    return adopted ? { ...entry, adopted } : entry;
  });
  const union = uniteEntries(previous, now);
  const rendered = new Set(now.map(referenceKey));
  const left = previous.filter((entry) => {
    const key = referenceKey(entry);
    return !rendered.has(key) && before.has(key);
  });
  const entries = union.filter((entry) => rendered.has(referenceKey(entry)));

  const home = resolved.find(({ entry }) => isNamespace(entry, inventoryNamespace));
  const homeExists =
    stored !== undefined ||
    (home === undefined ? await namespaceExists(options) : before.has(referenceKey(home.entry)));
  if (!homeExists && home === undefined) {
    return {
      refused: `the namespace ${inventoryNamespace}, which is to hold the inventory, is neither in the cluster nor in the manifest. Add it`,
    };
  }
  return {
    steps: order(resolved),
    entries,
    union,
    left,
    before,
    firstOfAll: homeExists ? undefined : home,
  };
}

// Kinds of which several environments may well use one object.
const SHAREABLE = new Set([
  '/Namespace',
  '/Node',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'networking.k8s.io/IngressClass',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

// One field manager for all environments: the API server would not see that one writes what is another's.
function claims(resolved: readonly ResolvedObject[], others: readonly Inventory[]): string[] {
  const owners = new Map(
    others.flatMap(({ environment, entries }) =>
      entries.map((entry) => [referenceKey(entry), environment] as const),
    ),
  );
  return resolved.flatMap(({ entry }) => {
    const owner = owners.get(referenceKey(entry));
    const shareable = SHAREABLE.has(`${groupOf(entry.apiVersion)}/${entry.kind}`);
    return owner === undefined || shareable ? [] : [`${describe(entry)} belongs to ${owner}`];
  });
}

function firstTwice(resolved: readonly ResolvedObject[]): string | undefined {
  const seen = new Set<string>();
  for (const { entry } of resolved) {
    const key = referenceKey(entry);
    if (seen.has(key)) return describe(entry);
    seen.add(key);
  }
  return undefined;
}

function isNamespace(entry: InventoryEntry, name: string): boolean {
  return entry.kind === 'Namespace' && entry.apiVersion === 'v1' && entry.name === name;
}

async function namespaceExists(
  options: Pick<PlanOptions, 'cluster' | 'inventoryNamespace' | 'signal'>,
): Promise<boolean> {
  const { cluster, inventoryNamespace, signal } = options;
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(inventoryNamespace)}`;
    await send({ cluster, request: { path, accept: METADATA, signal }, signal });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

function few(texts: readonly string[]): string {
  const shown = texts.slice(0, 5).join(', ');
  return texts.length > 5 ? `${shown}, and ${texts.length - 5} more` : shown;
}
