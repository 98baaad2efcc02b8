import { createHmac, randomBytes } from 'node:crypto';
import { ApiError, APPLY_PATCH } from '@prow-deploy/cluster';
import { FIELD_MANAGER } from './field-manager.ts';
import { bookkeepingLabels, INVENTORY_NAME, type InventoryPlace } from './inventory-store.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { send } from './send.ts';

/**
 * A short digest (72 bits, base64url) of the parts, which tells whether a value changed and not what it is: it is an HMAC
 * whose key lies in the cluster, in a Secret beside the inventory. Whoever may read that may read the secrets themselves.
 */
export type Digest = (parts: readonly (string | Buffer)[]) => string;

/** Digests under a key. */
export function digestWith(key: Buffer): Digest {
  return (parts) => {
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
    return hmac.digest('base64url').slice(0, 12);
  };
}

/** The digest of an object as it is sent. */
export function digestOf(digest: Digest, object: KubernetesObject): string {
  return digest([JSON.stringify(object)]);
}

/** The key of an inventory's digests. */
export interface DigestKey {
  readonly bytes: Buffer;
  /** It is in the cluster. */
  readonly stored: boolean;
}

/** Reads the key; a fresh one, not stored yet, where there is none. */
export async function readDigestKey(place: InventoryPlace): Promise<DigestKey> {
  const { cluster, inventoryNamespace, signal } = place;
  try {
    const request = { path: `${listPath(inventoryNamespace)}/${INVENTORY_NAME}`, signal };
    const { body } = await send({ cluster, request, signal });
    const { data } = body as { data?: Readonly<Record<string, string>> };
    const bytes = Buffer.from(data?.['key'] ?? '', 'base64');
    if (bytes.length === 32) return { bytes, stored: true };
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  return { bytes: randomBytes(32), stored: false };
}

/** Puts the key into the cluster; for whoever has claimed the inventory. */
export async function storeDigestKey(place: InventoryPlace, { bytes }: DigestKey): Promise<void> {
  const { cluster, inventoryNamespace, signal } = place;
  const request = {
    method: 'PATCH',
    path: `${listPath(inventoryNamespace)}/${INVENTORY_NAME}`,
    query: { fieldManager: FIELD_MANAGER, force: true },
    contentType: APPLY_PATCH,
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: INVENTORY_NAME, labels: bookkeepingLabels('key') },
      data: { key: bytes.toString('base64') },
    },
  } as const;
  await send({ cluster, request, signal });
}

/** Removes the key; one that is gone already is fine. */
export async function removeDigestKey(place: InventoryPlace): Promise<void> {
  const { cluster, inventoryNamespace, signal } = place;
  const path = `${listPath(inventoryNamespace)}/${INVENTORY_NAME}`;
  try {
    await send({ cluster, request: { method: 'DELETE', path }, signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}

function listPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}
