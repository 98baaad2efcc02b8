import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields, list, text } from './fields.ts';

/**
 * The objects with a kind and a name; a `List` is replaced by its items. What is no object is passed over, and a namespace
 * that is empty or no text is none.
 */
export function wellFormedObjects(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.flatMap((value) => {
    const { apiVersion, kind, metadata, items } = fields(value);
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
    if (kind.endsWith('List') && Array.isArray(items)) {
      return wellFormedObjects(list(items) as KubernetesObject[]);
    }
    const { namespace, ...others } = fields(metadata);
    const name = text(others['name']);
    if (name === undefined) return [];
    const isSound = namespace === undefined || text(namespace) !== undefined;
    return [isSound ? value : { ...value, metadata: { ...others, name } }];
  });
}
