import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ApiResource, ApiResourceIndex } from '../api-resource-index.ts';

type Send = (request: ApiRequest) => Promise<ApiResponse>;

/** Aggregated discovery answers all in two requests; servers before Kubernetes 1.27 answer with a list of groups. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Reads what the API server serves. */
export async function discover(send: Send): Promise<ApiResourceIndex> {
  const lists = await Promise.all(
    ['/api', '/apis'].map(async (path) => {
      const { body } = await send({ path, accept: AGGREGATED });
      const list = body as { readonly kind: string };
      return list.kind === 'APIGroupDiscoveryList'
        ? aggregated(list as unknown as AggregatedList)
        : await oneByOne(send, path, list as unknown as GroupList & VersionList);
    }),
  );
  return indexOf(lists.flat());
}

/** An index over these resources. */
export function indexOf(resources: readonly ApiResource[]): ApiResourceIndex {
  const byKind = new Map<string, ApiResource>();
  for (const resource of resources) {
    const key = keyOf(resource.apiVersion, resource.kind);
    if (!byKind.has(key)) {
      byKind.set(key, resource);
    }
  }
  return {
    find: (apiVersion, kind) => byKind.get(keyOf(apiVersion, kind)),
    all: [...byKind.keys()].sort().flatMap((key) => byKind.get(key) ?? []),
  };
}

interface AggregatedList {
  readonly items: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind?: string };
        readonly scope: 'Namespaced' | 'Cluster';
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
}

function aggregated({ items }: AggregatedList): ApiResource[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.flatMap(({ resource, responseKind, scope, verbs }) => {
        const apiVersion = metadata?.name ? `${metadata.name}/${version}` : version;
        const kind = responseKind?.kind;
        return kind ? [resourceOf(apiVersion, kind, resource, scope === 'Namespaced', verbs)] : [];
      }),
    ),
  );
}

interface VersionList {
  readonly versions?: readonly string[];
}

interface GroupList {
  readonly groups?: readonly {
    readonly versions: readonly { readonly groupVersion: string }[];
  }[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

async function oneByOne(
  send: Send,
  path: string,
  list: GroupList & VersionList,
): Promise<ApiResource[]> {
  const apiVersions =
    path === '/api'
      ? (list.versions ?? [])
      : (list.groups ?? []).flatMap(({ versions }) => versions.map((v) => v.groupVersion));
  const found = await Promise.all(
    apiVersions.map(async (apiVersion) => {
      const { body } = await send({ path: `${path}/${apiVersion}` });
      return ((body as ResourceList).resources ?? [])
        .filter(({ name }) => !name.includes('/'))
        .map(({ name, kind, namespaced, verbs }) =>
          resourceOf(apiVersion, kind, name, namespaced, verbs),
        );
    }),
  );
  return found.flat();
}

function resourceOf(
  apiVersion: string,
  kind: string,
  name: string,
  namespaced: boolean,
  verbs: readonly string[],
): ApiResource {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return {
    apiVersion,
    kind,
    name,
    namespaced,
    verbs,
    path: (namespace, objectName) =>
      root +
      (namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '') +
      `/${name}` +
      (objectName ? `/${encodeURIComponent(objectName)}` : ''),
  };
}

function keyOf(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}
