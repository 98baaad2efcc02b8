import type { ApiResourceIndex } from '@prow-deploy/cluster';
import { FIELD_MANAGER } from './field-manager.ts';
import { ENVIRONMENT_KEY } from './inventory-store.ts';
import type { InventoryEntry } from './inventory.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { groupOf, identify } from './object-reference.ts';
import type { Digest } from './digest-key.ts';
import { withChecksums } from './restarts/with-checksums.ts';
import { isShareable } from './shareable.ts';
import { without } from './without.ts';

/** An object with where it goes. */
export interface ResolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly entry: InventoryEntry;
  /** As the manifest has it, or as it is sent; see {@link asSent}. */
  readonly object: KubernetesObject;
  /** Its definition is in the same manifest: it is served a moment after that is established. */
  readonly definedHere: boolean;
}

/** Objects that can be sent, and those whose kind the cluster does not know. */
export interface Resolution {
  /** In the order of the objects, each as the manifest has it. */
  readonly resolved: readonly ResolvedObject[];
  readonly unknown: readonly KubernetesObject[];
}

interface Served {
  readonly name: string;
  readonly namespaced: boolean;
}

/**
 * Finds the path of each object: what the API server serves, or what a CustomResourceDefinition among the objects
 * is about to define. A namespaced object that names no namespace goes to `default`.
 */
export function resolve(
  objects: readonly KubernetesObject[],
  index: Pick<ApiResourceIndex, 'find'>,
): Resolution {
  const defined = new Map(objects.flatMap(definitions));
  const resolved: ResolvedObject[] = [];
  const unknown: KubernetesObject[] = [];
  for (const object of objects) {
    const { apiVersion, kind } = object;
    const own = defined.get(`${apiVersion}/${kind}`);
    const served: Served | undefined = own ?? index.find(apiVersion, kind);
    if (served === undefined) {
      unknown.push(object);
      continue;
    }
    const { namespaced } = served;
    const { namespace = 'default', name } = identify(object);
    const entry = {
      apiVersion,
      kind,
      resource: served.name,
      namespaced,
      ...(namespaced ? { namespace } : {}),
      name,
    };
    resolved.push({ apiVersion, kind, entry, object, definedHere: own !== undefined });
  }
  return { resolved, unknown };
}

// What a CustomResourceDefinition will serve, by apiVersion and kind.
function definitions(object: KubernetesObject): [string, Served][] {
  if (object.kind !== 'CustomResourceDefinition') return [];
  if (groupOf(object.apiVersion) !== 'apiextensions.k8s.io') return [];
  const spec = (object['spec'] ?? {}) as {
    group?: string;
    scope?: string;
    names?: { kind?: string; plural?: string };
    versions?: { name?: string; served?: boolean }[];
  };
  const { group, scope, names, versions = [] } = spec;
  const plural = names?.plural;
  if (group === undefined || names?.kind === undefined || plural === undefined) return [];
  const namespaced = scope !== 'Cluster';
  return versions
    .filter(({ served }) => served !== false)
    .map(({ name }) => [
      `${group}/${name ?? ''}/${names.kind ?? ''}`,
      { name: plural, namespaced },
    ]);
}

/** Put on an object that says nothing but its name: an apply that owns no field leaves no trace in managedFields. */
const OWNED_ANNOTATION = { 'prow-deploy.kubevirt.io/managed-by': FIELD_MANAGER };

/**
 * The objects as they are sent: with their namespace, without what only an API server writes, with a label that names
 * the environment unless several may use the object, and with the checksums that have workloads restarted.
 */
export function asSent(
  resolved: readonly ResolvedObject[],
  options: { readonly environment: string; readonly digest: Digest },
): ResolvedObject[] {
  const checked = withChecksums(
    resolved.map(({ object }) => object),
    options.digest,
  );
  return resolved.map((one, index) => ({
    ...one,
    object: normalize(checked[index] ?? one.object, one.entry, options.environment),
  }));
}

function normalize(
  object: KubernetesObject,
  entry: InventoryEntry,
  environment: string,
): KubernetesObject {
  const { apiVersion, kind, metadata } = object;
  const content = without(object, 'apiVersion', 'kind', 'metadata');
  const about = without(metadata, 'name', 'namespace', 'managedFields');
  const says = kind === 'Secret' && apiVersion === 'v1' ? withData(content) : content;
  const marked = !isShareable(object)
    ? { labels: { ...metadata.labels, [ENVIRONMENT_KEY]: environment } }
    : hasScalar([says, about])
      ? {}
      : { annotations: OWNED_ANNOTATION };
  return {
    ...says,
    apiVersion,
    kind,
    metadata: {
      ...about,
      ...marked,
      name: entry.name,
      ...(entry.namespace === undefined ? {} : { namespace: entry.namespace }),
    },
  };
}

// stringData is never read back: server-side apply could not tell when a key of it goes away.
function withData(content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { stringData, data } = content;
  if (stringData === undefined) return content;
  const encoded = Object.entries((stringData ?? {}) as Record<string, unknown>).map(
    ([key, value]) => [key, Buffer.from(String(value)).toString('base64')] as const,
  );
  return {
    ...without(content, 'stringData'),
    data: { ...(data as Record<string, unknown>), ...Object.fromEntries(encoded) },
  };
}

function hasScalar(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasScalar);
  return value !== undefined && value !== null;
}
