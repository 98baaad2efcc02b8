import { ApiError, type Cluster, MERGE_PATCH } from '@prow-deploy/cluster';
import { FIELD_MANAGER } from './field-manager.ts';
import { formatEntries, type Inventory, type InventoryEntry, parseEntries } from './inventory.ts';
import { InventoryError } from './inventory-error.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { send } from './send.ts';

/** Name of the ConfigMap that holds an inventory. */
export const INVENTORY_NAME = 'prow-deploy-inventory';
/** Annotation that names the environment; a label could not hold every folder name. */
export const ENVIRONMENT_ANNOTATION = 'prow-deploy.kubevirt.io/environment';
const LABELS = {
  'app.kubernetes.io/managed-by': FIELD_MANAGER,
  'app.kubernetes.io/component': 'inventory',
};
const ENTRIES = 'objects';

/** The ConfigMap of an inventory, as it was read. */
export interface StoredInventory {
  readonly inventory: Inventory;
  /** Its `data`: the entries, and beside them one record per kind of work. */
  readonly data: Readonly<Record<string, string>>;
}

/** Where an inventory is. */
export interface InventoryPlace {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Namespace of the inventory's ConfigMap: the environment's Prow namespace. */
  readonly inventoryNamespace: string;
  /** Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The inventory in a namespace; `undefined` where there is none.
 *
 * @throws {InventoryError} `unreadable` where the ConfigMap was damaged.
 */
export async function readInventory(place: InventoryPlace): Promise<StoredInventory | undefined> {
  const { cluster, inventoryNamespace, signal } = place;
  try {
    const request = { path: objectPath(inventoryNamespace), signal };
    const { body } = await send({ cluster, request, signal });
    return parseInventory(body as KubernetesObject);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * The inventories of every environment in the cluster; `undefined` where the credentials may not look into other
 * namespaces. A damaged one is passed over: it is not ours to repair.
 */
export async function readAllInventories(
  place: Omit<InventoryPlace, 'inventoryNamespace'>,
): Promise<Inventory[] | undefined> {
  const { cluster, signal } = place;
  const labelSelector = Object.entries(LABELS)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  try {
    const request = { path: '/api/v1/configmaps', query: { labelSelector }, signal };
    const { body } = await send({ cluster, request, signal });
    const { items = [] } = body as { items?: readonly KubernetesObject[] };
    return items.flatMap((item) => {
      try {
        return item.metadata.name === INVENTORY_NAME ? [parseInventory(item).inventory] : [];
      } catch {
        return [];
      }
    });
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}

/**
 * Writes entries and other keys of an inventory's data; `undefined` removes a key, what is not named stays. The
 * ConfigMap is made where there is none.
 */
export async function writeInventory(
  place: InventoryPlace,
  content: {
    readonly environment: string;
    readonly entries?: readonly InventoryEntry[];
    readonly data?: Readonly<Record<string, string | undefined>>;
  },
): Promise<void> {
  const { cluster, inventoryNamespace, signal } = place;
  const { environment, entries, data = {} } = content;
  const changes: Record<string, string | undefined> = {
    ...data,
    ...(entries === undefined ? {} : { [ENTRIES]: formatEntries(entries) }),
  };
  const metadata = { labels: LABELS, annotations: { [ENVIRONMENT_ANNOTATION]: environment } };
  const query = { fieldManager: FIELD_MANAGER };
  try {
    const removals = Object.fromEntries(
      Object.entries(changes).map(([key, value]) => [key, value ?? null]),
    );
    const body = { metadata, data: removals };
    const path = objectPath(inventoryNamespace);
    const request = { method: 'PATCH', path, query, contentType: MERGE_PATCH, body } as const;
    await send({ cluster, request, signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
    const body = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata, name: INVENTORY_NAME },
      data: changes,
    };
    const request = { method: 'POST', path: listPath(inventoryNamespace), query, body } as const;
    await send({ cluster, request, signal });
  }
}

/** Removes an inventory; one that is gone already is fine. */
export async function removeInventory(place: InventoryPlace): Promise<void> {
  const { cluster, inventoryNamespace, signal } = place;
  try {
    const request = { method: 'DELETE', path: objectPath(inventoryNamespace) } as const;
    await send({ cluster, request, signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

function parseInventory(configMap: KubernetesObject): StoredInventory {
  const { namespace = '', annotations } = configMap.metadata;
  const data = (configMap['data'] ?? {}) as Record<string, string>;
  const environment = annotations?.[ENVIRONMENT_ANNOTATION];
  try {
    if (environment === undefined)
      throw new Error(`it has no annotation ${ENVIRONMENT_ANNOTATION}`);
    const entries = parseEntries(data[ENTRIES] ?? '[]');
    return { inventory: { environment, namespace, entries }, data };
  } catch (error) {
    throw new InventoryError(
      'unreadable',
      `Cannot read the inventory ConfigMap ${namespace}/${INVENTORY_NAME}: ${(error as Error).message}. ` +
        'Restore it, or delete it and apply again: objects that left the render are then forgotten.',
      { cause: error },
    );
  }
}

function listPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}

function objectPath(namespace: string): string {
  return `${listPath(namespace)}/${INVENTORY_NAME}`;
}
