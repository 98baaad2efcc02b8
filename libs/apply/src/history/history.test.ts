import { createHash } from 'node:crypto';
import { useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { apply, type ApplyOptions } from '../apply.ts';
import { formatApplyResult } from '../format-apply-result.ts';
import { readInventory } from '../inventory-store.ts';
import { describe } from '../object-reference.ts';
import { readManifest } from '../read-manifest.ts';
import { small } from '../testing/manifests.ts';
import { formatHistory } from './format-history.ts';
import { addRecord, HISTORY_LENGTH, type HistoryRecord, readHistory } from './history.ts';
import { readStoredManifest } from './manifest-store.ts';
import { readEarlierManifest } from './read-earlier-manifest.ts';

const testCluster = useTestCluster('history');

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

async function applyText(text: string, prow: string, options: Partial<ApplyOptions> = {}) {
  return apply({
    cluster: testCluster(),
    environment: prow,
    inventoryNamespace: prow,
    objects: await readManifest(text),
    manifest: text,
    record: { hash: 'h', manifestDigest: digestOf(text), secretsDigest: 's' },
    ...options,
  });
}

const place = (prow: string) => ({ cluster: testCluster(), inventoryNamespace: prow });
const historyOf = async (prow: string) => readHistory(await readInventory(place(prow)));

test('each apply is remembered: who, when, what commit, which manifest, and how it ended', async () => {
  const text = small('first');
  const origin = { commit: 'a'.repeat(40), dirty: true };
  const applied = await applyText(text, 'first', { origin: () => Promise.resolve(origin) });
  expect(applied.outcome, formatApplyResult(applied).join('\n')).toBe('applied');
  await applyText(text.replace('port: 80', 'port: 99999'), 'first');
  await applyText(text.replace('a: b', 'a: c'), 'first');
  const broken = `${text.replace('a: b', 'a: d')}
---
apiVersion: v1
kind: Pod
metadata: { name: unschedulable, namespace: first }
spec: { nodeSelector: { nobody: has }, containers: [{ name: a, image: a }] }
`;
  await applyText(broken, 'first', { settleTimeoutMs: 500 });

  const history = await historyOf('first');
  // What is refused before anything is sent is no apply.
  expect(history).toMatchObject([
    { id: 3, outcome: 'failed', counts: { created: 1, configured: 1, unchanged: 3 } },
    { id: 2, outcome: 'applied', counts: { configured: 1, unchanged: 3 } },
    {
      id: 1,
      outcome: 'applied',
      counts: { created: 4 },
      manifestDigest: digestOf(text),
      ...origin,
    },
  ]);
  expect(history[0]?.failure).toMatch(/1 of 5 objects did not settle/);
  expect(history[0]?.by).toMatch(/^\S+ \(.+@.+\)$/);
  expect(formatHistory('first', history).slice(-2)).toEqual([
    expect.stringMatching(/^ {3}1 {2}\S+Z {2}applied: 4 created$/),
    expect.stringMatching(
      /^ {6}by .*; commit aaaaaaaaaaaa, with uncommitted changes, manifest [0-9a-f]{12}$/,
    ),
  ]);
});

test('an earlier manifest can be applied again, and what does not come back is told', async () => {
  const claim = `
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: back }
spec: { accessModes: [ReadWriteOnce], storageClassName: "", volumeName: none, resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Secret
metadata: { name: token, namespace: back }
data: { token: aGk= }
`;
  const first = small('back') + claim;
  const wait = { settleTimeoutMs: 0 };
  await applyText(first, 'back', wait);
  await applyText(small('back').replace('a: b', 'a: c'), 'back', {
    ...wait,
    pruneData: true,
    confirmPrune: 2,
  });
  expect((await historyOf('back'))[0]).toMatchObject({ counts: { pruned: 2, configured: 1 } });

  const earlier = await readEarlierManifest({ ...place('back'), environment: 'back', id: 1 });
  expect(earlier.manifest).toBe(first);
  const again = await applyText(earlier.manifest, 'back', {
    ...wait,
    goingBack: true,
    origin: () => Promise.resolve({ from: 1 }),
  });
  expect(again.outcome, formatApplyResult(again).join('\n')).toBe('applied');
  expect(
    again.objects
      .filter(({ action }) => action !== 'unchanged')
      .map(({ object, action }) => `${action} ${describe(object)}`),
  ).toEqual([
    'configured ConfigMap back/config',
    'created PersistentVolumeClaim back/data',
    'created Secret back/token',
  ]);
  expect(again.warnings).toEqual([
    'Secrets keep the values they have now: earlier values are not kept.',
    'Made anew, without the data it had: PersistentVolumeClaim back/data.',
  ]);
  expect((await historyOf('back'))[0]).toMatchObject({ id: 3, from: 1 });

  await expect(
    readEarlierManifest({ ...place('back'), environment: 'back', id: 9 }),
  ).rejects.toThrow(
    'Cannot go back to apply 9 of back: its cluster remembers 3, 2, 1. See nx run back:history.',
  );
  const { manifestDigest } = earlier.record;
  await testCluster().request({
    method: 'DELETE',
    path: `/api/v1/namespaces/back/configmaps/prow-deploy-manifest-${manifestDigest.slice(0, 16)}`,
  });
  expect(await readStoredManifest(place('back'), manifestDigest)).toBeUndefined();
  await expect(
    readEarlierManifest({ ...place('back'), environment: 'back', id: 1 }),
  ).rejects.toThrow(
    /^Cannot go back to apply 1 of back: its manifest is not kept in the cluster\./,
  );
});

test(
  'the last 20 are remembered, and no manifest that none of them names',
  { timeout: 60_000 },
  async () => {
    for (let count = 0; count < HISTORY_LENGTH + 3; count += 1) {
      await applyText(small('many').replace('a: b', `a: v${count}`), 'many');
    }
    const history = await historyOf('many');
    expect(history.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => 23 - index),
    );
    const { body } = await testCluster().request({
      path: '/api/v1/namespaces/many/configmaps',
      query: { labelSelector: 'app.kubernetes.io/component=manifest' },
    });
    expect((body as { items: unknown[] }).items).toHaveLength(20);
  },
);

test('a damaged history is an empty one, and a record takes the place of its own beginning', () => {
  expect(readHistory({ data: { history: '{' } })).toEqual([]);
  expect(readHistory(undefined)).toEqual([]);
  const record = (id: number, outcome: HistoryRecord['outcome']): HistoryRecord => ({
    id,
    at: '',
    by: '',
    manifestDigest: '',
    outcome,
  });
  const history = addRecord([record(1, 'applied')], record(2, 'started'));
  expect(addRecord(history, record(2, 'failed'))).toEqual([
    record(2, 'failed'),
    record(1, 'applied'),
  ]);
});
