import type { InventoryEntry } from './inventory.ts';

/** Path of one object, or of the list it is in where `name` is left out; without a namespace: of all namespaces. */
export function apiPath(
  resource: Pick<InventoryEntry, 'apiVersion' | 'resource' | 'namespaced'>,
  where: { readonly namespace?: string | undefined; readonly name?: string | undefined } = {},
): string {
  const root = resource.apiVersion.includes('/') ? 'apis' : 'api';
  const namespace =
    resource.namespaced && where.namespace !== undefined ? ['namespaces', where.namespace] : [];
  const name = where.name === undefined ? [] : [where.name];
  const parts = [...namespace, resource.resource, ...name].map(encodeURIComponent);
  return `/${root}/${resource.apiVersion}/${parts.join('/')}`;
}
