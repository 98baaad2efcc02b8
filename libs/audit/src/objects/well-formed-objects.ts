import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields, list, text } from './fields.ts';

/** The objects with a kind and a name; a `List` is replaced by its items. What is no object is passed over. */
export function wellFormedObjects(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.flatMap((value) => {
    const { apiVersion, kind, metadata, items } = fields(value);
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
    if (kind.endsWith('List') && Array.isArray(items))
      return wellFormedObjects(list(items) as KubernetesObject[]);
    return text(fields(metadata)['name']) === undefined ? [] : [value];
  });
}
