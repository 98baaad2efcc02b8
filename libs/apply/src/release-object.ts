import { ApiError, APPLY_PATCH, type Cluster, METADATA } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import { errorMessage } from './error-message.ts';
import { FIELD_MANAGER } from './field-manager.ts';
import type { InventoryEntry } from './inventory.ts';
import { send } from './send.ts';

/** Options of {@link releaseObject}. */
export interface ReleaseObjectOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly entry: InventoryEntry;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Withdraws what apply added to an object, and leaves the object: an apply of nothing removes the fields that only we
 * own. Returns why it could not be done, `undefined` where it was.
 */
export async function releaseObject(options: ReleaseObjectOptions): Promise<string | undefined> {
  const { cluster, entry, signal } = options;
  const { apiVersion, kind, namespace, name } = entry;
  const request = {
    method: 'PATCH',
    path: apiPath(entry, entry),
    query: { fieldManager: FIELD_MANAGER, force: true },
    body: { apiVersion, kind, metadata: { name, namespace } },
    contentType: APPLY_PATCH,
    accept: METADATA,
  } as const;
  try {
    await send({ cluster, request, signal });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    return errorMessage(error);
  }
}
