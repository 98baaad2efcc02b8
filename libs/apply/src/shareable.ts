import { groupOf, type ObjectReference } from './object-reference.ts';

// A cluster has one of each by that name, whoever needs it.
const SHAREABLE_KINDS = new Set([
  '/Namespace',
  '/Node',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'networking.k8s.io/IngressClass',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/StorageClass',
]);

/** Whether several environments of a cluster may well use the same object of this kind. */
export function isShareable({
  apiVersion,
  kind,
}: Pick<ObjectReference, 'apiVersion' | 'kind'>): boolean {
  return SHAREABLE_KINDS.has(`${groupOf(apiVersion)}/${kind}`);
}
