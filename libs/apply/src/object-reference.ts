import type { KubernetesObject } from './kubernetes-object.ts';

/** Names one object in a cluster. */
export interface ObjectReference {
  /** Such as `apps/v1`, or `v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for a kind without namespaces. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The reference of an object, as the object itself says it. */
export function identify(object: KubernetesObject): ObjectReference {
  const { name, namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    name,
  };
}

/** The reference in something that has more to say of the object, such as an inventory entry. */
export function identifyEntry(entry: ObjectReference): ObjectReference {
  const { apiVersion, kind, namespace, name } = entry;
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

/** How an object is named in every message: `Deployment kubevirt-prow/deck`, `Namespace kubevirt-prow`. */
export function describe(reference: Omit<ObjectReference, 'apiVersion'>): string {
  const { kind, namespace, name } = reference;
  return namespace === undefined || namespace === ''
    ? `${kind} ${name}`
    : `${kind} ${namespace}/${name}`;
}

/** The API group of an apiVersion: `apps` of `apps/v1`, empty for `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** Equal for two references exactly when they mean the same object: the version of the API plays no part. */
export function referenceKey(reference: ObjectReference): string {
  const { apiVersion, kind, namespace = '', name } = reference;
  return `${groupOf(apiVersion)}/${kind}/${namespace}/${name}`;
}
