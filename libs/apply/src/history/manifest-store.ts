import { promisify } from 'node:util';
import { createHash } from 'node:crypto';
import { ApiError, METADATA_LIST } from '@prow-deploy/cluster';
import { FIELD_MANAGER } from '../field-manager.ts';
import { bookkeepingLabels, type InventoryPlace } from '../inventory-store.ts';
import type { ObjectMetadata } from '../kubernetes-object.ts';
import { send } from '../send.ts';

// etcd takes 1.5 MiB for an object, base64 and the rest of it included; a ConfigMap 1 MiB of data.
const LARGEST_BYTES = 1_000_000;
const KEY = 'prow-deploy.yaml.gz';

/** Keeps a manifest (with placeholders where secrets go) in the cluster, once per content; `false` where it is too large. */
export async function storeManifest(
  place: InventoryPlace,
  { manifest, manifestDigest }: { readonly manifest: string; readonly manifestDigest: string },
): Promise<boolean> {
  const { cluster, inventoryNamespace, signal } = place;
  const { gzip } = await import('node:zlib');
  const packed = await promisify(gzip)(manifest);
  if (packed.byteLength > LARGEST_BYTES) return false;
  const body = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: nameOf(manifestDigest), labels: bookkeepingLabels('manifest') },
    immutable: true,
    binaryData: { [KEY]: packed.toString('base64') },
  };
  const query = { fieldManager: FIELD_MANAGER };
  const request = { method: 'POST', path: listPath(inventoryNamespace), query, body } as const;
  try {
    await send({ cluster, request, signal });
  } catch (error) {
    // It is there already.
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
  return true;
}

/** The manifest of that digest; `undefined` where the cluster does not know it any more. */
export async function readStoredManifest(
  place: InventoryPlace,
  manifestDigest: string,
): Promise<string | undefined> {
  const { cluster, inventoryNamespace, signal } = place;
  const path = `${listPath(inventoryNamespace)}/${nameOf(manifestDigest)}`;
  let packed: string | undefined;
  try {
    const { body } = await send({ cluster, request: { path, signal }, signal });
    packed = (body as { binaryData?: Readonly<Record<string, string>> }).binaryData?.[KEY];
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
  if (packed === undefined) return undefined;
  const { gunzip } = await import('node:zlib');
  // A manifest that was put there by hand is not the one that was applied.
  const manifest = await promisify(gunzip)(Buffer.from(packed, 'base64')).catch(() => undefined);
  const isIt = manifest && createHash('sha256').update(manifest).digest('hex') === manifestDigest;
  return isIt ? manifest.toString('utf8') : undefined;
}

/** Removes the kept manifests that are none of these; all of them where none is given. */
export async function removeManifests(
  place: InventoryPlace,
  keep: readonly string[] = [],
): Promise<void> {
  const { cluster, inventoryNamespace, signal } = place;
  const labelSelector = Object.entries(bookkeepingLabels('manifest'))
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const request = {
    path: listPath(inventoryNamespace),
    query: { labelSelector },
    accept: METADATA_LIST,
  };
  const { body } = await send({ cluster, request, signal });
  const { items } = body as { items?: readonly { metadata: ObjectMetadata }[] | null };
  const wanted = new Set(keep.map(nameOf));
  const surplus = (items ?? []).filter(({ metadata }) => !wanted.has(metadata.name));
  await Promise.all(
    surplus.map(async ({ metadata }) => {
      const path = `${listPath(inventoryNamespace)}/${metadata.name}`;
      try {
        await send({ cluster, request: { method: 'DELETE', path }, signal });
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    }),
  );
}

function nameOf(manifestDigest: string): string {
  return `prow-deploy-manifest-${manifestDigest.slice(0, 16)}`;
}

function listPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}
