import { expect, test } from 'vitest';
import { apiPath } from './api-path.ts';
import { formatEntries, type InventoryEntry, parseEntries, uniteEntries } from './inventory.ts';

const deployment = (name: string): InventoryEntry => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  resource: 'deployments',
  namespaced: true,
  namespace: 'prow',
  name,
});
const node: InventoryEntry = {
  apiVersion: 'v1',
  kind: 'Node',
  resource: 'nodes',
  namespaced: false,
  name: 'node01',
  adopted: true,
};

test('entries are written one line per kind, in the order of an apply, and read back', () => {
  const text = formatEntries([deployment('tide'), node, deployment('deck')]);
  expect(text).toBe(`[
{"apiVersion":"v1","kind":"Node","resource":"nodes","namespaced":false,"objects":["node01"],"adopted":["node01"]},
{"apiVersion":"apps/v1","kind":"Deployment","resource":"deployments","namespaced":true,"objects":["prow/deck","prow/tide"]}
]`);
  expect(parseEntries(text)).toEqual([node, deployment('deck'), deployment('tide')]);
  expect(parseEntries(formatEntries([]))).toEqual([]);
});

test('a union has each object once: of the newer version, adopted if it was', () => {
  const old = { ...deployment('deck'), apiVersion: 'apps/v1beta1', adopted: true };
  expect(uniteEntries([old, node], [deployment('deck'), deployment('tide')])).toEqual([
    { ...deployment('deck'), adopted: true },
    node,
    deployment('tide'),
  ]);
});

test('an entry gives the path of its object, and of the list it is in', () => {
  const deck = deployment('deck');
  expect(apiPath(deck, deck)).toBe('/apis/apps/v1/namespaces/prow/deployments/deck');
  expect(apiPath(deck)).toBe('/apis/apps/v1/deployments');
  expect(apiPath(node, node)).toBe('/api/v1/nodes/node01');
});
