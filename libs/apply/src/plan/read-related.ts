import { ApiError, type Cluster } from '@prow-deploy/cluster';
import { apiPath } from '../api-path.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf } from '../object-reference.ts';
import { persistently } from '../send.ts';

/** Options of {@link readRelated}. */
export interface ReadRelatedOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Live objects that may be changed. */
  readonly live: readonly KubernetesObject[];
  readonly signal?: AbortSignal | undefined;
}

// Enough to tell whether a version is used, and by what.
const CUSTOM_RESOURCES_AT_MOST = 20;

/**
 * Reads what a forecast of changes to these objects depends on: the StorageClasses of claims, and objects of custom
 * resource definitions. What may not be read is not known, and left out.
 */
export async function readRelated(options: ReadRelatedOptions): Promise<KubernetesObject[]> {
  const { live } = options;
  const claims = live.some(({ kind }) => kind === 'PersistentVolumeClaim');
  const definitions = live.filter(
    ({ apiVersion, kind }) =>
      kind === 'CustomResourceDefinition' && groupOf(apiVersion) === 'apiextensions.k8s.io',
  );
  const classes = {
    apiVersion: 'storage.k8s.io/v1',
    resource: 'storageclasses',
    namespaced: false,
  };
  const lists = await Promise.all([
    ...(claims ? [list(options, { ...classes, kind: 'StorageClass' })] : []),
    ...definitions.flatMap((definition) => {
      const resource = storedResource(definition);
      return resource === undefined ? [] : [list(options, resource)];
    }),
  ]);
  return lists.flat();
}

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

// The kind that a definition defines, in the version in which its objects are stored.
function storedResource(definition: KubernetesObject): Resource | undefined {
  const { group, scope, names, versions } = definition['spec'] as {
    group: string;
    scope: string;
    names: { kind: string; plural: string };
    versions?: { name: string; served: boolean; storage: boolean }[];
  };
  const version = versions?.find(({ served, storage }) => served && storage);
  if (version === undefined) return undefined;
  return {
    apiVersion: `${group}/${version.name}`,
    kind: names.kind,
    resource: names.plural,
    namespaced: scope !== 'Cluster',
  };
}

async function list(
  { cluster, signal }: ReadRelatedOptions,
  resource: Resource,
): Promise<KubernetesObject[]> {
  const { apiVersion, kind } = resource;
  try {
    const query = { limit: CUSTOM_RESOURCES_AT_MOST };
    const request = { path: apiPath(resource), query, signal };
    const { body } = await persistently(() => cluster.request(request), { signal });
    const { items } = body as { items?: readonly KubernetesObject[] | null };
    return (items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}
