import { ApiError, type Cluster, METADATA_LIST } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import { groupBy } from './group-by.ts';
import type { InventoryEntry } from './inventory.ts';
import type { ObjectMetadata } from './kubernetes-object.ts';
import { referenceKey } from './object-reference.ts';
import { send } from './send.ts';

/** Options of {@link readMetadata}. */
export interface ReadMetadataOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly entries: readonly InventoryEntry[];
  /** Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The metadata of these objects, by {@link referenceKey}; what is not there is left out. One request per kind, all at
 * once: of the namespace that the objects of the kind share, else of the cluster. Where the cluster-wide list is
 * forbidden, one per namespace.
 *
 * @throws {ApiError} {ClusterError} when a list cannot be read.
 */
export async function readMetadata(
  options: ReadMetadataOptions,
): Promise<Map<string, ObjectMetadata>> {
  const { cluster, entries, signal } = options;
  const kinds = groupBy(entries, ({ apiVersion, kind }) => `${apiVersion}/${kind}`);
  const found = new Map<string, ObjectMetadata>();

  const list = async (members: readonly InventoryEntry[], namespace: string | undefined) => {
    const [first] = members;
    if (first === undefined) return;
    const wanted = new Set(members.map(referenceKey));
    const request = {
      path: apiPath(first, { namespace }),
      // One object costs the same in a cluster of any size.
      query: members.length === 1 ? { fieldSelector: `metadata.name=${first.name}` } : {},
      accept: METADATA_LIST,
      signal,
    };
    const { body } = await send({ cluster, request, signal });
    const { items } = body as { items?: readonly { metadata: ObjectMetadata }[] | null };
    for (const { metadata } of items ?? []) {
      const { name, namespace } = metadata;
      const key = referenceKey({ ...first, namespace, name });
      if (wanted.has(key)) found.set(key, metadata);
    }
  };

  const listKind = async (members: readonly InventoryEntry[]) => {
    const namespaces = groupBy(members, ({ namespace }) => namespace);
    try {
      await list(members, namespaces.size === 1 ? members[0]?.namespace : undefined);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The kind is not served, or not any more: none of its objects is there.
      if (error.status === 404) return;
      if (error.status !== 403 || namespaces.size === 1) throw error;
      await Promise.all([...namespaces].map(([namespace, members]) => list(members, namespace)));
    }
  };

  await Promise.all([...kinds.values()].map(listKind));
  return found;
}
