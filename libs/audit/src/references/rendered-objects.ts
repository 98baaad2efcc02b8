import type { KubernetesObject, ObjectReference } from '../kubernetes-object.ts';
import { describeObject } from '../kubernetes-object.ts';
import { apiGroup } from '../objects/api-group.ts';
import { builtInScope } from '../objects/built-in-kinds.ts';
import { fields, items, text } from '../objects/fields.ts';
import { type ExternalObject, externalMatcher } from './external-object.ts';
import { nearestName } from './nearest-name.ts';
import { isOfEveryCluster } from './objects-of-every-cluster.ts';
import { type PodTemplate, podTemplates } from '../objects/pod-templates.ts';

/** What a reference leads to: a rendered object, or `outside` for one that exists without being rendered. */
export type Found = KubernetesObject | 'outside';

/** The objects of a render, to be looked up by kind, namespace and name. Only kinds of Kubernetes itself are found. */
export class RenderedObjects {
  readonly all: readonly KubernetesObject[];
  /** The pod templates of all workloads. */
  readonly templates: readonly PodTemplate[];
  /** The namespaces that are rendered as objects, or that hold a rendered object. */
  readonly namespaces: ReadonlySet<string>;
  readonly #isExternal: (reference: ObjectReference) => boolean;
  readonly #byKind = new Map<string, Map<string, KubernetesObject[]>>();
  readonly #madeSecrets: ReadonlySet<string>;
  readonly #madeClaims: ReadonlySet<string>;

  constructor(objects: readonly KubernetesObject[], external: readonly ExternalObject[] = []) {
    this.all = objects;
    this.templates = objects.flatMap(podTemplates);
    this.#isExternal = externalMatcher(external);
    const namespaces = new Set<string>();
    for (const object of objects) {
      const { kind, metadata, apiVersion } = object;
      if (metadata.namespace !== undefined) namespaces.add(metadata.namespace);
      if (kind === 'Namespace') namespaces.add(metadata.name);
      if (builtInScope(apiGroup(apiVersion), kind) === undefined) continue;
      const names = getOrAdd(this.#byKind, kind, () => new Map<string, KubernetesObject[]>());
      getOrAdd(names, metadata.name, () => []).push(object);
    }
    this.namespaces = namespaces;
    this.#madeSecrets = new Set(objects.flatMap(secretsMadeFor));
    this.#madeClaims = new Set(objects.flatMap(claimsMadeFor));
  }

  /**
   * The object that a reference leads to, `undefined` where there is none. A namespace that is not known (the object that
   * refers has none) is any namespace.
   */
  find(reference: ObjectReference): Found | undefined {
    const { kind, name, namespace } = reference;
    if (this.isOutside(reference)) return 'outside';
    if (kind === 'Namespace') return this.hasNamespace(name) ? 'outside' : undefined;
    const found = this.#byKind.get(kind)?.get(name) ?? [];
    const object =
      namespace === undefined
        ? found[0]
        : found.find(({ metadata }) => (metadata.namespace ?? 'default') === namespace);
    if (object !== undefined) return object;
    if (kind === 'ServiceAccount' && name === 'default') {
      return namespace === undefined || this.hasNamespace(namespace) ? 'outside' : undefined;
    }
    const key = `${namespace ?? ''}/${name}`;
    const isMade =
      (kind === 'Secret' && this.#madeSecrets.has(key)) ||
      (kind === 'PersistentVolumeClaim' && this.#madeClaims.has(key.replace(/-\d+$/, '')));
    return isMade ? 'outside' : undefined;
  }

  /** Whether an object exists without being rendered: in every cluster, or declared as external. */
  isOutside(reference: ObjectReference): boolean {
    return isOfEveryCluster(reference) || this.#isExternal(reference);
  }

  /** Whether a namespace exists: rendered, holding a rendered object, of every cluster, or declared as external. */
  hasNamespace(name: string): boolean {
    return this.namespaces.has(name) || this.isOutside({ kind: 'Namespace', name });
  }

  /** All rendered objects of a kind. */
  ofKind(kind: string): KubernetesObject[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])].flat();
  }

  /**
   * What was likely meant by a reference that leads to nothing: an object of the same namespace before one of another.
   * `named` are the names of this kind that the same object uses for something else.
   */
  nearest(
    { kind, name, namespace }: ObjectReference,
    named: ReadonlySet<string> = new Set(),
  ): ObjectReference | undefined {
    if (kind === 'Namespace') {
      const near = nearestName(name, this.namespaces);
      return near === undefined ? undefined : { kind, name: near };
    }
    const objects = this.ofKind(kind).filter(
      ({ metadata }) => metadata.name === name || !named.has(metadata.name),
    );
    const same = objects.filter(({ metadata }) => metadata.namespace === namespace);
    for (const candidates of [same, objects]) {
      const names = candidates.map(({ metadata }) => metadata.name);
      const near = nearestName(name, names);
      const object = candidates.find(({ metadata }) => metadata.name === near);
      if (object !== undefined) return { kind, ...object.metadata };
    }
    return undefined;
  }

  /** Where in the render an object is, to report in its order. */
  position(description: string | undefined): number {
    this.#positions ??= new Map(
      this.all.map((object, index) => [describeObject(object), index] as const).reverse(),
    );
    return this.#positions.get(description ?? '') ?? this.all.length;
  }
  #positions: Map<string, number> | undefined;
}

// Secrets that a controller or a Job makes for a rendered object, as `namespace/name`: the Secret that a custom resource
// names (a Certificate), or has the name of (a SealedSecret, an ExternalSecret), what an Ingress asks an ACME client for,
// and what a Job is told by a flag such as --secret-name to make.
function secretsMadeFor(object: KubernetesObject): string[] {
  const { apiVersion, kind, metadata } = object;
  const spec = fields(object['spec']);
  const names: (string | undefined)[] = [];
  if (builtInScope(apiGroup(apiVersion), kind) === undefined) {
    names.push(text(spec['secretName']), text(fields(spec['target'])['name']));
    if (kind.endsWith('Secret')) names.push(metadata.name);
  } else if (kind === 'Ingress') {
    if (Object.keys(fields(metadata.annotations)).some((key) => ACME_ANNOTATION.test(key))) {
      names.push(...items(spec['tls']).map((tls) => text(tls['secretName'])));
    }
  } else if (kind === 'Job') {
    for (const { containers } of podTemplates(object)) {
      for (const container of containers) {
        for (const { flag, value } of container.arguments) {
          if (flag !== undefined && SECRET_FLAG.test(flag)) names.push(value);
        }
      }
    }
  }
  return names.flatMap((name) =>
    name === undefined ? [] : [`${metadata.namespace ?? ''}/${name}`],
  );
}

// The claims that a StatefulSet makes, as `namespace/name` without the number of the pod at the end.
function claimsMadeFor({ kind, metadata, ...object }: KubernetesObject): string[] {
  if (kind !== 'StatefulSet') return [];
  return items(fields(object['spec'])['volumeClaimTemplates']).map((claim) => {
    const name = text(fields(claim['metadata'])['name']) ?? '';
    return `${metadata.namespace ?? ''}/${name}-${metadata.name}`;
  });
}

const ACME_ANNOTATION = /^(cert-manager\.io\/(cluster-)?issuer|kubernetes\.io\/tls-acme)$/;
const SECRET_FLAG = /(^|-)secret(-name)?$/;

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
