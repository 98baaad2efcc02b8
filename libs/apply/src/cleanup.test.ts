import { useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { apply } from './apply.ts';
import { checkRecord } from './check-record.ts';
import { cleanup, type CleanupOptions } from './cleanup.ts';
import { formatCleanupResult } from './format-cleanup-result.ts';
import { readInventory } from './inventory-store.ts';
import { describe } from './object-reference.ts';
import { readManifest } from './read-manifest.ts';

const testCluster = useTestCluster('cleanup');

const manifest = (prow: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${prow} }
---
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { role: ${prow} } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: ${prow} }
data: { a: b }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: ${prow} }
spec:
  selector: { matchLabels: { app: deck } }
  template:
    metadata: { labels: { app: deck } }
    spec: { containers: [{ name: deck, image: deck }] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: ${prow} }
spec:
  storageClassName: ""
  volumeName: ${prow}-data
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${prow}-data }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /tmp/data }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.${prow}.example.org }
spec:
  group: ${prow}.example.org
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: ${prow}.example.org/v1
kind: Widget
metadata: { name: one, namespace: ${prow} }
size: 1
`;

async function applyManifest(prow: string, text = manifest(prow)) {
  const result = await apply({
    cluster: testCluster(),
    environment: prow,
    inventoryNamespace: prow,
    objects: await readManifest(text),
    record: { hash: '', manifestDigest: '1', secretsDigest: '2' },
    settleTimeoutMs: 20_000,
  });
  expect(result).toMatchObject({ outcome: 'applied' });
}

const clean = (prow: string, options: Partial<CleanupOptions> = {}) =>
  cleanup({ cluster: testCluster(), environment: prow, inventoryNamespace: prow, ...options });

const exists = (path: string) =>
  testCluster()
    .request({ path })
    .then(
      () => true,
      () => false,
    );

test('what apply put there is removed, and what holds data is kept until that is asked for', async () => {
  await applyManifest('kept');
  const lines: string[] = [];
  const result = await clean('kept', { onProgress: (line) => lines.push(line) });
  expect(result).toMatchObject({ outcome: 'cleaned', inventoryRemains: true });
  expect(
    Object.fromEntries(result.objects.map(({ object, action }) => [describe(object), action])),
  ).toEqual({
    'Widget kept/one': 'deleted',
    'Deployment kept/deck': 'deleted',
    'ConfigMap kept/config': 'deleted',
    'PersistentVolumeClaim kept/data': 'kept',
    'PersistentVolume kept-data': 'kept',
    'Node node01': 'released',
    'CustomResourceDefinition widgets.kept.example.org': 'kept',
    'Namespace kept': 'kept',
  });
  expect(formatCleanupResult(result)).toEqual([
    expect.stringMatching(/^Cleaned up kept in \d+\.\d s: 3 deleted, 1 released, 4 kept\.$/),
    'Kept, it holds data (4):',
    '  PersistentVolumeClaim kept/data',
    '  PersistentVolume kept-data',
    '  CustomResourceDefinition widgets.kept.example.org',
    '  Namespace kept',
    'Left as before the first apply (1):',
    '  Node node01',
  ]);
  expect(lines).toEqual([
    'removing Widget kept/one',
    'removing Deployment kept/deck',
    'removing ConfigMap kept/config',
  ]);
  expect(await exists('/apis/apps/v1/namespaces/kept/deployments/deck')).toBe(false);
  const place = { cluster: testCluster(), inventoryNamespace: 'kept' };
  expect((await readInventory(place))?.inventory.entries).toHaveLength(4);
  expect(await checkRecord({ ...place, manifestDigest: '1', secretsDigest: '2' })).toEqual({
    current: false,
    reason: 'the last apply did not succeed, or there was none',
  });

  const all = await clean('kept', { includeData: true });
  expect(all).toMatchObject({ outcome: 'cleaned', inventoryRemains: false });
  expect(await exists('/api/v1/namespaces/kept')).toBe(false);
  expect(await exists('/api/v1/persistentvolumes/kept-data')).toBe(false);
  const { body } = await testCluster().request({ path: '/api/v1/nodes/node01' });
  expect(body).not.toHaveProperty('metadata.labels.role');
  expect(formatCleanupResult(await clean('kept'))).toEqual([
    expect.stringMatching(/^Cleaned up kept in \d+\.\d s: nothing was applied\.$/),
  ]);
});

test('what is gone already, and what another has by now, is said and left alone', async () => {
  await applyManifest('shared');
  const cluster = testCluster();
  await cluster.request({
    method: 'DELETE',
    path: '/apis/apps/v1/namespaces/shared/deployments/deck',
  });
  const config = '/api/v1/namespaces/shared/configmaps/config';
  await cluster.request({ method: 'DELETE', path: config });
  await cluster.request({
    method: 'POST',
    path: '/api/v1/namespaces/shared/configmaps',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config' },
      data: { a: 'mine' },
    },
  });
  const crd = manifest('shared')
    .split('---\n')
    .find((text) => text.includes('kind: CustomResourceDefinition'));
  const second = `${crd ?? ''}---\napiVersion: v1\nkind: Namespace\nmetadata: { name: second }\n`;
  await applyManifest('second', second);

  const result = await clean('shared', { includeData: true, timeoutMs: 20_000 });
  expect(
    result.objects.map(({ object, action, reason }) => [describe(object), action, reason]),
  ).toEqual([
    ['Widget shared/one', 'deleted', undefined],
    ['Deployment shared/deck', 'absent', undefined],
    ['ConfigMap shared/config', 'kept', 'it is not ours any more'],
    ['PersistentVolumeClaim shared/data', 'deleted', undefined],
    ['Node node01', 'released', undefined],
    ['PersistentVolume shared-data', 'deleted', undefined],
    ['CustomResourceDefinition widgets.shared.example.org', 'kept', 'second has it too'],
    ['Namespace shared', 'deleted', undefined],
  ]);
  expect(result.inventoryRemains).toBe(false);
});

test('what is not gone in time is named with what holds it, and stays in the inventory', async () => {
  await applyManifest('stuck');
  const path = '/api/v1/namespaces/stuck/configmaps/config';
  const patch = { method: 'PATCH' as const, path, contentType: 'application/merge-patch+json' };
  const cluster = testCluster();
  await cluster.request({ ...patch, body: { metadata: { finalizers: ['example.org/hold'] } } });
  const result = await clean('stuck', { timeoutMs: 1000 });
  expect(result).toMatchObject({ outcome: 'failed', inventoryRemains: true });
  expect(formatCleanupResult(result).slice(0, 3)).toEqual([
    expect.stringMatching(/^Cannot clean up all of stuck in \d+\.\d s: /),
    'Failed (1):',
    '  ConfigMap stuck/config: it is not gone after 1 s, held by example.org/hold',
  ]);
  const place = { cluster, inventoryNamespace: 'stuck' };
  const names = (await readInventory(place))?.inventory.entries.map(describe);
  expect(names).toContain('ConfigMap stuck/config');
  expect(names).not.toContain('Deployment stuck/deck');

  await cluster.request({ ...patch, body: { metadata: { finalizers: null } } });
  expect(await clean('stuck', { includeData: true })).toMatchObject({ outcome: 'cleaned' });
});

test('an interrupted cleanup leaves the rest in the inventory', async () => {
  await applyManifest('broken-off');
  const controller = new AbortController();
  const result = await clean('broken-off', {
    signal: controller.signal,
    onProgress: (line) => {
      if (line.startsWith('removing Deployment')) controller.abort();
    },
  });
  expect(result).toMatchObject({ outcome: 'aborted', inventoryRemains: true });
  const place = { cluster: testCluster(), inventoryNamespace: 'broken-off' };
  expect((await readInventory(place))?.inventory.entries.map(describe)).toContain(
    'ConfigMap broken-off/config',
  );
});

test('the inventory of another environment is not cleaned up', async () => {
  await applyManifest('mine');
  await expect(clean('yours', { inventoryNamespace: 'mine' })).rejects.toThrow(
    'Cannot clean up yours: the inventory in namespace mine is that of mine. Name the environment that is meant.',
  );
});
