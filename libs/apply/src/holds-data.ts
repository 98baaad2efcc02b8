import { groupOf, type ObjectReference } from './object-reference.ts';

// A PersistentVolume is not removed while its claim is there, and is of no use without it.
const DATA_KINDS = new Set([
  '/Namespace',
  '/PersistentVolumeClaim',
  '/PersistentVolume',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

/** Whether deleting the object deletes what cannot be applied again: volumes, or all that is in it or of its kind. */
export function holdsData({
  apiVersion,
  kind,
}: Pick<ObjectReference, 'apiVersion' | 'kind'>): boolean {
  return DATA_KINDS.has(`${groupOf(apiVersion)}/${kind}`);
}
