import { ApiError, type ApiResource, type Cluster, METADATA_LIST } from '@prow-deploy/cluster';
import type { InventoryEntry } from '../inventory.ts';
import { ENVIRONMENT_KEY } from '../inventory-store.ts';
import type { ObjectMetadata } from '../kubernetes-object.ts';
import { ownEntries } from '../mark.ts';
import { groupOf, referenceKey } from '../object-reference.ts';
import { send } from '../send.ts';

/** Options of {@link rebuildEntries}. */
export interface RebuildEntriesOptions {
  readonly cluster: Pick<Cluster, 'request' | 'resources'>;
  readonly environment: string;
  readonly signal?: AbortSignal | undefined;
}

/** What was found of a lost inventory. */
export interface RebuiltEntries {
  readonly entries: readonly InventoryEntry[];
  /** Kinds that the credentials may not list in the whole cluster: objects of these may be missing. */
  readonly unread: readonly string[];
}

/**
 * Finds what an environment has in its cluster by the label on its objects, for an inventory that was deleted. Objects
 * that several environments may use have no such label, and are found again only through the manifest. What a controller
 * made with a copy of the label, as EndpointSlices, is told apart by its managedFields.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 */
export async function rebuildEntries(options: RebuildEntriesOptions): Promise<RebuiltEntries> {
  const { cluster, environment, signal } = options;
  const { all } = await cluster.resources();
  const kinds = all.filter(({ verbs }) => verbs.includes('list') && verbs.includes('patch'));
  const found = new Map<string, InventoryEntry>();
  const unread: string[] = [];
  const list = async (resource: ApiResource) => {
    const { apiVersion, kind, name, namespaced } = resource;
    const query = { labelSelector: `${ENVIRONMENT_KEY}=${environment}` };
    const request = { path: resource.path(), query, accept: METADATA_LIST, signal };
    const { body } = await send({ cluster, request, signal });
    const { items } = body as { items?: readonly { metadata: ObjectMetadata }[] | null };
    for (const { metadata } of items ?? []) {
      if (ownEntries(metadata).length === 0) continue;
      const where = namespaced ? { namespace: metadata.namespace } : {};
      const entry = { apiVersion, kind, resource: name, namespaced, ...where, name: metadata.name };
      const key = referenceKey(entry);
      if (!found.has(key)) found.set(key, entry);
    }
  };
  await Promise.all(
    kinds.map((resource) =>
      list(resource).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 403) unread.push(nameOf(resource));
        // Served by an aggregated API server that is away, or not any more.
        else if (error.status !== 404 && error.status !== 405 && error.status !== 503) throw error;
      }),
    ),
  );
  return { entries: [...found.values()], unread: unread.sort() };
}

function nameOf({ name, apiVersion }: ApiResource): string {
  const group = groupOf(apiVersion);
  return group === '' ? name : `${name}.${group}`;
}
