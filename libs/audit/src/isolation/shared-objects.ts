import type { KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from '../objects/api-group.ts';
import { builtInScope } from '../objects/built-in-kinds.ts';

/** The same text for every manifest of one object in one cluster. Versions of a group are views of the same object. */
export function objectIdentity({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiGroup(apiVersion);
  // The API server ignores a namespace that is written on an object of the cluster.
  const namespace = builtInScope(group, kind) === 'Cluster' ? '' : (metadata.namespace ?? '');
  return [group, kind, namespace, metadata.name].join('|');
}

/** The objects that `others` has as well, by identity. */
export function sharedObjects(
  objects: readonly KubernetesObject[],
  others: readonly KubernetesObject[],
): Set<KubernetesObject> {
  const identities = new Set(others.map(objectIdentity));
  return new Set(objects.filter((object) => identities.has(objectIdentity(object))));
}

export function sharedMessage(object: KubernetesObject, environment: string): string {
  const consequence = `${environment} has the same object in the same cluster: each apply changes what the other made, and whoever removes it removes it for both.`;
  if (object.kind === 'CustomResourceDefinition') {
    return `${consequence} With the definition go all its objects. Leave it to ${environment}, and take it out of this render.`;
  }
  const remedy =
    object.metadata.namespace === undefined
      ? 'Give it another name, or leave it to the other and take it out of this render.'
      : 'Put it into a namespace of this environment, or give it another name.';
  return `${consequence} ${remedy}`;
}
