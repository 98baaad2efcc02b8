import type { ApiRequest, Cluster } from '@prow-deploy/cluster';
import { expect, test } from 'vitest';
import type { InventoryEntry } from './inventory.ts';
import { settle } from './settle.ts';

const KINDS = {
  ConfigMap: { apiVersion: 'v1', resource: 'configmaps' },
  Service: { apiVersion: 'v1', resource: 'services' },
  Deployment: { apiVersion: 'apps/v1', resource: 'deployments' },
} as const;

function entries(kind: keyof typeof KINDS, count: number, namespaces: number): InventoryEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    ...KINDS[kind],
    kind,
    namespaced: true,
    namespace: `ns-${index % namespaces}`,
    name: `${kind.toLowerCase()}-${index}`,
  }));
}

// Answers lists only: what is asked is what is tested.
function countingCluster(all: readonly InventoryEntry[]) {
  const asked: string[] = [];
  const cluster: Pick<Cluster, 'request'> = {
    request: ({ path, query }: ApiRequest) => {
      asked.push(path);
      const name = /^metadata\.name=(.+)$/.exec(String(query?.['fieldSelector']))?.[1];
      const items = all
        .filter(({ namespace, resource }) => path.endsWith(`/${namespace ?? ''}/${resource}`))
        .filter((entry) => name === undefined || entry.name === name)
        .map((entry) => ({
          metadata: {
            name: entry.name,
            namespace: entry.namespace,
            generation: 1,
            uid: entry.name,
          },
          spec: { replicas: 1, selector: { matchLabels: { app: entry.name } } },
          status: { observedGeneration: 1, updatedReplicas: 1 },
        }));
      return Promise.resolve({ status: 200, body: { items }, headers: {} });
    },
  };
  return { cluster, asked };
}

test('of 5,000 objects, only kinds that need a look are listed: once per kind and namespace', async () => {
  const all = [...entries('ConfigMap', 4000, 10), ...entries('Service', 1000, 10)];
  const { cluster, asked } = countingCluster(all);
  expect(await settle({ cluster, entries: all })).toEqual({ outcome: 'settled', count: 5000 });
  expect(asked.sort()).toEqual(
    Array.from({ length: 10 }, (_, index) => `/api/v1/namespaces/ns-${index}/services`),
  );
});

test('a few of many that wait cost one list of theirs each time, and an explanation in between', async () => {
  const slow = entries('Deployment', 6, 2);
  const all = [...entries('ConfigMap', 4000, 2), ...entries('Service', 994, 2), ...slow];
  const { cluster, asked } = countingCluster(all);
  const lines: string[] = [];
  const settlement = await settle({
    cluster,
    entries: all,
    timeoutMs: 5000,
    explainEveryMs: 60_000,
    onProgress: (line) => lines.push(line),
  });
  expect(settlement).toMatchObject({ outcome: 'timeout', unsettled: slow.map(() => ({})) });
  expect(lines).toEqual([
    '4994/5000 settled; waiting for Deployment ns-0/deployment-0: 0 of 1 available',
  ]);
  const count = (where: string) => asked.filter((path) => path.endsWith(where)).length;
  expect(count('/configmaps')).toBe(0);
  expect(count('/services')).toBe(2);
  expect(count('/ns-0/deployments')).toBe(count('/ns-1/deployments'));
  // Once while it waits, and once at the end, in two namespaces.
  expect(count('/pods')).toBe(4);
  expect(count('/events')).toBe(4);
});

test('nothing is explained where all settles soon', async () => {
  const all = entries('Service', 100, 1);
  const { cluster, asked } = countingCluster(all);
  await settle({ cluster, entries: all, explainEveryMs: 0 });
  expect(asked).toEqual(['/api/v1/namespaces/ns-0/services']);
});
