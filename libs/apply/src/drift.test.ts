import { type ApiRequest, APPLY_PATCH, type Cluster, MERGE_PATCH } from '@prow-deploy/cluster';
import { clusterReset, connect } from '@prow-deploy/cluster';
import { pick, seeded, useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { apiPath } from './api-path.ts';
import { apply } from './apply.ts';
import { digestWith, readDigestKey } from './digest-key.ts';
import { checkRecord } from './check-record.ts';
import { ENVIRONMENT_KEY } from './inventory-store.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { describe, referenceKey } from './object-reference.ts';
import { readManifest } from './read-manifest.ts';
import { asSent, type ResolvedObject, resolve } from './resolve.ts';
import { readObjects } from './settle.ts';
import { small } from './testing/manifests.ts';
import { formatApplyResult } from './format-apply-result.ts';

const testCluster = useTestCluster('drift');
const record = { hash: 'h', manifestDigest: 'm', secretsDigest: 's' };

// Kinds with a generation and without, with a status and without, with data and with rules.
const various = (prow: string): string => `${small(prow)}
---
apiVersion: v1
kind: Secret
metadata: { name: token, namespace: ${prow} }
data: { token: aGVsbG8= }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: deck, namespace: ${prow}, annotations: { a: b } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: deck, namespace: ${prow} }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get, list] }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: idle, namespace: ${prow} }
spec:
  replicas: 0
  selector: { matchLabels: { app: idle } }
  template:
    metadata: { labels: { app: idle } }
    spec: { containers: [{ name: main, image: idle, args: [--a, --b] }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: yearly, namespace: ${prow} }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: yearly }] } } }
`;

async function applyAll(prow: string, cluster = testCluster()) {
  const objects = await readManifest(various(prow));
  const result = await apply({
    cluster,
    environment: prow,
    inventoryNamespace: prow,
    objects,
    record,
  });
  expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
  return result;
}

const check = (prow: string, cluster = testCluster()) =>
  checkRecord({ cluster, inventoryNamespace: prow, ...record });

async function resolved(prow: string): Promise<readonly ResolvedObject[]> {
  const objects = await readManifest(various(prow));
  const cluster = testCluster();
  const [index, key] = await Promise.all([
    cluster.resources(),
    readDigestKey({ cluster, inventoryNamespace: prow }),
  ]);
  const digest = digestWith(key.bytes);
  return asSent(resolve(objects, index).resolved, { environment: prow, digest });
}

/** Whether the live object has all that the manifest says of it. */
async function holds({ entry, object }: ResolvedObject): Promise<boolean> {
  const live = await readObjects({ cluster: testCluster(), entries: [entry] });
  return contains(live.get(referenceKey(entry)), object);
}

function contains(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return false;
    return wanted.every((item, index) => contains(live[index], item));
  }
  if (typeof wanted !== 'object' || wanted === null) return Object.is(live, wanted);
  if (typeof live !== 'object' || live === null) return false;
  return Object.entries(wanted).every(([key, value]) =>
    contains((live as Record<string, unknown>)[key], value),
  );
}

const patch = (object: ResolvedObject, body: unknown, manager: string) =>
  testCluster().request({
    method: 'PATCH',
    path: apiPath(object.entry, object.entry),
    query: { fieldManager: manager },
    contentType: MERGE_PATCH,
    body,
  });

async function remove({ entry }: ResolvedObject): Promise<void> {
  const body = { propagationPolicy: 'Background' };
  await testCluster().request({ method: 'DELETE', path: apiPath(entry, entry), body });
}

async function replace(object: ResolvedObject): Promise<void> {
  await remove(object);
  const { entry, object: wanted } = object;
  const { name, namespace } = wanted.metadata;
  const body = { ...wanted, metadata: { name, namespace } };
  const path = apiPath(entry, { namespace: entry.namespace });
  const query = { fieldManager: 'kubectl-create' };
  await testCluster().request({ method: 'POST', path, query, body });
}

// How one field of each kind is changed.
const CHANGES: Record<string, unknown> = {
  ConfigMap: { data: { a: 'changed' } },
  Secret: { data: { token: 'Y2hhbmdlZA==' } },
  Service: { spec: { ports: [{ port: 80, targetPort: 9090 }] } },
  Ingress: { spec: { defaultBackend: { service: { name: 'other', port: { number: 80 } } } } },
  ServiceAccount: { metadata: { annotations: { a: 'changed' } } },
  Role: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  Deployment: { spec: { template: { spec: { terminationGracePeriodSeconds: 7 } } } },
  CronJob: { spec: { schedule: '1 1 1 1 1' } },
};

type Edit = (object: ResolvedObject, manager: string) => Promise<unknown>;
const EDITS: Record<string, Edit> = {
  delete: remove,
  replace,
  change: (object, manager) => patch(object, CHANGES[object.kind], manager),
  'take our label away': (object, manager) =>
    patch(object, { metadata: { labels: { [ENVIRONMENT_KEY]: null } } }, manager),
  'label it': (object, manager) =>
    patch(object, { metadata: { labels: { mine: 'yes' } } }, manager),
  'annotate it': (object, manager) =>
    patch(object, { metadata: { annotations: { mine: 'yes' } } }, manager),
  'forget who wrote what': (object, manager) =>
    patch(object, { metadata: { managedFields: [{}] } }, manager),
  'change it and change it back': async (object, manager) => {
    await patch(object, CHANGES[object.kind], manager);
    const { entry, object: wanted } = object;
    const query = { fieldManager: manager, force: true };
    const path = apiPath(entry, entry);
    await testCluster().request({
      method: 'PATCH',
      path,
      query,
      contentType: APPLY_PATCH,
      body: wanted,
    });
  },
  'say the same': (object, manager) => patch(object, { metadata: {} }, manager),
};

test.each(['delete', 'replace', 'change', 'take our label away'])(
  '%s: it is no hit, and the next apply repairs it',
  { timeout: 120_000 },
  async (name) => {
    const prow = `one-${name.replaceAll(' ', '-')}`;
    await applyAll(prow);
    for (const object of await resolved(prow)) {
      if (object.kind === 'Namespace') continue;
      await EDITS[name]?.(object, 'kubectl-edit');
      const found = await check(prow);
      expect(found).toMatchObject({ current: false });
      expect(found.current ? '' : found.reason).toContain(describe(object.entry));
      await applyAll(prow);
      expect(await check(prow)).toMatchObject({ current: true });
      expect(await holds(object)).toBe(true);
    }
  },
);

const SEED = 20261125;
test(`100 random edits (seed ${SEED}): no hit lies`, { timeout: 300_000 }, async () => {
  const random = seeded(SEED);
  const prow = 'edits';
  await applyAll(prow);
  const objects = (await resolved(prow)).filter(({ kind }) => kind !== 'Namespace');
  let hits = 0;
  for (let round = 0; round < 100; round += 1) {
    const object = pick(random, objects);
    const edit = pick(random, Object.keys(EDITS));
    const manager = pick(random, ['kubectl-edit', 'kubectl-client-side-apply', 'kubectl']);
    await EDITS[edit]?.(object, manager);
    const what = `round ${round}: ${edit} of ${describe(object.entry)} by ${manager}`;
    const { current } = await check(prow);
    if (current) {
      hits += 1;
      for (const one of objects) expect(await holds(one), what).toBe(true);
    } else {
      await applyAll(prow);
      expect(await holds(object), what).toBe(true);
      expect(await check(prow), what).toMatchObject({ current: true });
    }
  }
  // To say the same again changes nothing.
  expect(hits).toBeGreaterThan(0);
});

test('nothing changed: a hit, and an apply that only reads', async () => {
  await applyAll('quiet');
  const sent: string[] = [];
  const watched: Cluster = {
    ...testCluster(),
    request: (request: ApiRequest) => {
      sent.push(request.method ?? 'GET');
      return testCluster().request(request);
    },
  };
  expect(await check('quiet', watched)).toMatchObject({ current: true });
  const result = await applyAll('quiet', watched);
  expect(new Set(result.objects.map(({ action }) => action))).toEqual(new Set(['unchanged']));
  expect(new Set(sent)).toEqual(new Set(['GET']));
});

test('a manifest that differs in one object sends that one', async () => {
  await applyAll('single');
  const objects = (await readManifest(various('single'))).map((object): KubernetesObject =>
    object.kind === 'Secret' ? { ...object, data: { token: 'bmV3' } } : object,
  );
  const sent: string[] = [];
  const cluster: Cluster = {
    ...testCluster(),
    request: (request: ApiRequest) => {
      if (request.contentType === APPLY_PATCH) sent.push(request.path);
      return testCluster().request(request);
    },
  };
  const place = { cluster, environment: 'single', inventoryNamespace: 'single' };
  const result = await apply({ ...place, objects, record: { ...record, secretsDigest: 't' } });
  expect(result.outcome).toBe('applied');
  // Once to see what it does, once to do it.
  const path = '/api/v1/namespaces/single/secrets/token';
  expect(sent).toEqual([path, path]);
});

test(
  'a cluster that was made anew at the same address is no hit',
  { timeout: 180_000 },
  async () => {
    await applyAll('anew');
    const { kubeconfig, server, environment } = testCluster();
    const workspaceRoot = kubeconfig.slice(0, kubeconfig.indexOf('/.cluster/'));
    const spec = { provider: 'embedded' as const, nodes: [{ name: 'node01' }] };
    const state = await clusterReset({ environment, workspaceRoot, spec });
    expect(state.server).toBe(server);
    const cluster = await connect({ environment, workspaceRoot, spec });
    expect(await check('anew', cluster)).toEqual({
      current: false,
      reason: 'nothing was applied to this cluster yet',
    });
    const result = await applyAll('anew', cluster);
    expect(new Set(result.objects.map(({ action }) => action))).toEqual(new Set(['created']));
    cluster.close();
  },
);
