import type { InventoryEntry } from '../inventory.ts';
import { INVENTORY_NAME } from '../inventory-store.ts';
import { type Need, needKey, type NeedVerb } from './need.ts';

/** What an apply is about to do. */
export interface NeedsOfOptions {
  /** Objects that are not in the cluster yet. */
  readonly create: readonly InventoryEntry[];
  /** Objects that are there and are applied again. */
  readonly change: readonly InventoryEntry[];
  /** Objects that are to be deleted. */
  readonly prune: readonly InventoryEntry[];
  /** Where the inventory is, or is going to be. */
  readonly inventoryNamespace: string;
  /** Name of the Secret beside the inventory. Default: that of the inventory. */
  readonly inventorySecret?: string;
}

/** What the user has to be allowed to do, each thing once. Server-side apply of an absent object is a patch, and a create. */
export function needsOf(options: NeedsOfOptions): Need[] {
  const { create, change, prune, inventoryNamespace, inventorySecret = INVENTORY_NAME } = options;
  const own = { apiVersion: 'v1', namespace: inventoryNamespace };
  const configMap = { ...own, resource: 'configmaps', kind: 'ConfigMap', name: INVENTORY_NAME };
  const secret = { ...own, resource: 'secrets', kind: 'Secret', name: inventorySecret };
  const needs = [
    ...create.flatMap((entry) => [needOf('patch', entry), needOf('create', entry)]),
    ...change.map((entry) => needOf('patch', entry)),
    ...prune.map((entry) => needOf('delete', entry)),
    // Made by a POST, which has no name that a rule could be limited to.
    ...ownNeeds({ ...configMap, name: undefined }, configMap),
    ...ownNeeds(secret, secret),
  ];
  return [...new Map(needs.map((need) => [needKey(need), need])).values()];
}

function needOf(verb: NeedVerb, entry: InventoryEntry): Need {
  const { apiVersion, resource, kind, namespace, name } = entry;
  return {
    verb,
    apiVersion,
    resource,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  };
}

function ownNeeds(made: Omit<Need, 'verb'>, kept: Omit<Need, 'verb'>): Need[] {
  return [
    { verb: 'get', ...kept },
    { verb: 'create', ...made },
    { verb: 'patch', ...kept },
  ];
}
