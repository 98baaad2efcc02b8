import { groupOf } from '../object-reference.ts';

/** What may have to be done with objects, as Kubernetes calls it. */
export const NEED_VERBS = ['get', 'list', 'create', 'patch', 'delete'] as const;
export type NeedVerb = (typeof NEED_VERBS)[number];

/** One thing that the user has to be allowed to do. */
export interface Need {
  readonly verb: NeedVerb;
  /** Such as `apps/v1`, or `v1`. */
  readonly apiVersion: string;
  /** Plural name in paths, such as `deployments`; with a subresource `deployments/scale`. */
  readonly resource: string;
  readonly kind: string;
  /** Absent for a kind without namespaces, and for all namespaces. */
  readonly namespace?: string | undefined;
  /** The one object that is meant; without it any, so that a right that is limited to names is not enough. */
  readonly name?: string | undefined;
}

/** Equal for two needs exactly when the API server answers them alike: the version of the API plays no part. */
export function needKey(need: Need): string {
  return `${scopeKey(need)} ${need.name ?? ''}`;
}

/** Equal for needs that differ in the name of the object alone. */
export function scopeKey({ verb, apiVersion, resource, namespace = '' }: Need): string {
  return `${verb} ${groupOf(apiVersion)}/${resource} ${namespace}`;
}

/**
 * The namespace in which the API server looks for the right. A request for one Namespace is looked up in that namespace,
 * but for its creation, as the API server's request info and its handler of patches have it.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
 */
export function authorizationNamespace(need: Need): string | undefined {
  const { verb, apiVersion, resource, namespace, name } = need;
  const isNamespace = apiVersion === 'v1' && resource === 'namespaces' && verb !== 'create';
  return isNamespace ? name : namespace;
}
