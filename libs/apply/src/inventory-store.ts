import { ApiError, type Cluster, JSON_PATCH, MERGE_PATCH, METADATA } from '@prow-deploy/cluster';
import { FIELD_MANAGER } from './field-manager.ts';
import { formatEntries, type Inventory, type InventoryEntry, parseEntries } from './inventory.ts';
import { InventoryError } from './inventory-error.ts';
import type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts';
import { send } from './send.ts';

/** Name of the ConfigMap that holds an inventory, and of the Secret beside it that holds the key of its digests. */
export const INVENTORY_NAME = 'prow-deploy-inventory';
/** Annotation of an inventory, and label of each object in it, that name the environment. */
export const ENVIRONMENT_KEY = 'prow-deploy.kubevirt.io/environment';
/** Annotation of an inventory that names whoever is applying. */
export const APPLYING_ANNOTATION = 'prow-deploy.kubevirt.io/applying';
/** Annotation of an inventory that moves while somebody is applying. */
export const HEARTBEAT_ANNOTATION = 'prow-deploy.kubevirt.io/applying-heartbeat';

/** Labels of what apply keeps for itself in the namespace of the inventory. */
export function bookkeepingLabels(component: 'inventory' | 'key' | 'manifest') {
  return {
    'app.kubernetes.io/managed-by': FIELD_MANAGER,
    'app.kubernetes.io/component': component,
  };
}

/** Key of the entries in the inventory's data. */
const ENTRIES = 'objects';

/** The ConfigMap of an inventory, as it was read. */
export interface StoredInventory {
  readonly inventory: Inventory;
  /** Its `data`: the entries, and beside them the history and one record per kind of work. */
  readonly data: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
  /** Who is applying, as {@link APPLYING_ANNOTATION} says; absent where nobody is. */
  readonly applying?: string | undefined;
}

/** Where an inventory is. */
export interface InventoryPlace {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Namespace of the inventory's ConfigMap: the environment's Prow namespace. */
  readonly inventoryNamespace: string;
  /** Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What is written into an inventory; what is not named stays. */
export interface InventoryContent {
  readonly environment: string;
  readonly entries?: readonly InventoryEntry[];
  /** Other keys of its data; `undefined` removes one. */
  readonly data?: Readonly<Record<string, string | undefined>>;
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

/** The metadata of an inventory's ConfigMap; `undefined` where there is none. */
export async function readInventoryMetadata(
  place: InventoryPlace,
): Promise<ObjectMetadata | undefined> {
  const { cluster, inventoryNamespace, signal } = place;
  try {
    const request = { path: objectPath(inventoryNamespace), accept: METADATA, signal };
    const { body } = await send({ cluster, request, signal });
    return (body as KubernetesObject).metadata;
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
  const labelSelector = Object.entries(bookkeepingLabels('inventory'))
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

/** Writes into an inventory that may be another's to write at the same time, such as the record of a verification. */
export async function writeInventory(
  place: InventoryPlace,
  content: InventoryContent,
): Promise<void> {
  const { cluster, inventoryNamespace, signal } = place;
  const { metadata, data } = toConfigMap(content);
  const body = { metadata, data };
  const path = objectPath(inventoryNamespace);
  const query = { fieldManager: FIELD_MANAGER };
  const request = { method: 'PATCH', path, query, contentType: MERGE_PATCH, body } as const;
  await send({ cluster, request, signal });
}

/**
 * Writes an inventory and takes it for the one who is `applying`, if it still is as it was read (`stored`), or still
 * is not there. Returns `false` where it is not: somebody else was faster.
 */
export async function claimInventory(
  place: InventoryPlace,
  stored: Pick<StoredInventory, 'resourceVersion'> | undefined,
  content: InventoryContent & { readonly applying: string },
): Promise<boolean> {
  const { cluster, inventoryNamespace, signal } = place;
  const { metadata, data } = toConfigMap(content);
  const annotations = {
    ...metadata.annotations,
    [APPLYING_ANNOTATION]: content.applying,
    [HEARTBEAT_ANNOTATION]: '0',
  };
  const query = { fieldManager: FIELD_MANAGER };
  try {
    if (stored === undefined) {
      const present = Object.fromEntries(
        Object.entries(data).filter(([, value]) => value !== null),
      );
      const body = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata, annotations, name: INVENTORY_NAME },
        data: present,
      };
      const request = { method: 'POST', path: listPath(inventoryNamespace), query, body } as const;
      await send({ cluster, request, signal });
    } else {
      const { resourceVersion } = stored;
      const body = { metadata: { ...metadata, annotations, resourceVersion }, data };
      const path = objectPath(inventoryNamespace);
      const request = { method: 'PATCH', path, query, contentType: MERGE_PATCH, body } as const;
      await send({ cluster, request, signal });
    }
    return true;
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 409 || error.status === 404))) throw error;
    // The answer to the first try may have been lost on its way.
    const now = await readInventoryMetadata(place);
    return now?.annotations?.[APPLYING_ANNOTATION] === content.applying;
  }
}

/**
 * Writes into an inventory that is claimed by `applying`. Returns `false`, and writes nothing, where it is not (any more).
 */
export async function writeClaimedInventory(
  place: InventoryPlace,
  applying: string,
  changes: {
    readonly entries?: readonly InventoryEntry[];
    readonly data?: Readonly<Record<string, string>>;
    readonly heartbeat?: string;
    /** Lets go of the claim with the same write. */
    readonly release?: boolean;
  },
): Promise<boolean> {
  const { entries, data = {}, heartbeat, release = false } = changes;
  const values = Object.entries({
    ...data,
    ...(entries === undefined ? {} : { [ENTRIES]: formatEntries(entries) }),
  });
  const written = await patchClaimed(place, applying, [
    ...values.map(([key, value]) => ({ op: 'add', path: `/data/${pointer(key)}`, value })),
    ...(heartbeat === undefined
      ? []
      : [{ op: 'add', path: annotationPath(HEARTBEAT_ANNOTATION), value: heartbeat }]),
    ...(release ? RELEASE : []),
  ]);
  if (written || !release) return written;
  // The answer to the first try may have been lost on its way: the claim is gone then because it was let go.
  const stored = await readInventory(place);
  const isThere = values.every(([key, value]) => stored?.data[key] === value);
  return isThere && stored?.applying === undefined;
}

const RELEASE = [APPLYING_ANNOTATION, HEARTBEAT_ANNOTATION].map((annotation) => ({
  op: 'remove',
  path: annotationPath(annotation),
}));

/** Lets go of a claim; one that is gone already is fine. */
export async function releaseInventory(place: InventoryPlace, applying: string): Promise<void> {
  await patchClaimed(place, applying, RELEASE);
}

async function patchClaimed(
  place: InventoryPlace,
  applying: string,
  operations: readonly object[],
): Promise<boolean> {
  const { cluster, inventoryNamespace, signal } = place;
  const test = { op: 'test', path: annotationPath(APPLYING_ANNOTATION), value: applying };
  const request = {
    method: 'PATCH',
    path: objectPath(inventoryNamespace),
    query: { fieldManager: FIELD_MANAGER },
    contentType: JSON_PATCH,
    body: [test, ...operations],
    accept: METADATA,
  } as const;
  try {
    await send({ cluster, request, signal });
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 422 || error.status === 404)) return false;
    throw error;
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

function toConfigMap({ environment, entries, data = {} }: InventoryContent) {
  const values: Record<string, string | undefined> = {
    ...data,
    ...(entries === undefined ? {} : { [ENTRIES]: formatEntries(entries) }),
  };
  return {
    metadata: {
      labels: bookkeepingLabels('inventory'),
      annotations: { [ENVIRONMENT_KEY]: environment },
    },
    data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? null])),
  };
}

function parseInventory(configMap: KubernetesObject): StoredInventory {
  const { namespace = '', annotations, resourceVersion = '' } = configMap.metadata;
  const data = (configMap['data'] ?? {}) as Record<string, string>;
  const environment = annotations?.[ENVIRONMENT_KEY];
  const applying = annotations?.[APPLYING_ANNOTATION];
  try {
    if (environment === undefined) throw new Error(`it has no annotation ${ENVIRONMENT_KEY}`);
    const entries = parseEntries(data[ENTRIES] ?? '[]');
    return { inventory: { environment, namespace, entries }, data, resourceVersion, applying };
  } catch (error) {
    throw new InventoryError(
      'unreadable',
      `Cannot read the inventory ConfigMap ${namespace}/${INVENTORY_NAME}: ${(error as Error).message}. ` +
        'Restore it, or delete it and apply again: it is then rebuilt from the labels of the objects.',
      { cause: error },
    );
  }
}

function annotationPath(annotation: string): string {
  return `/metadata/annotations/${pointer(annotation)}`;
}

// One segment of a JSON pointer, RFC 6901.
function pointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function listPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}

function objectPath(namespace: string): string {
  return `${listPath(namespace)}/${INVENTORY_NAME}`;
}
