import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ApiRequest,
  APPLY_PATCH,
  type Cluster,
  connect,
  MERGE_PATCH,
} from '@prow-deploy/cluster';
import { useTestCluster } from '@prow-deploy/testing';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { apiPath } from './api-path.ts';
import type { InventoryEntry } from './inventory.ts';
import { readManifest } from './read-manifest.ts';
import { resolve } from './resolve.ts';
import { settle, type SettleOptions } from './settle.ts';

const testCluster = useTestCluster('settle');

// On a node that no kubelet and no simulation looks after: its pods stay as these tests write them.
const deployment = (namespace: string, name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { nodeName: nobodys, containers: [{ name: ${name}, image: ${name} }] }
`;

async function put(namespace: string, ...texts: string[]): Promise<InventoryEntry[]> {
  const home = `{ apiVersion: v1, kind: Namespace, metadata: { name: ${namespace} } }`;
  const objects = await readManifest([home, ...texts].join('\n---\n'));
  const { resolved } = resolve(objects, await testCluster().resources());
  for (const { entry, object } of resolved) {
    await testCluster().request({
      method: 'PATCH',
      path: apiPath(entry, entry),
      query: { fieldManager: 'test' },
      body: object,
      contentType: APPLY_PATCH,
    });
  }
  return resolved.map(({ entry }) => entry);
}

async function podOf(namespace: string, app: string): Promise<string> {
  const pods = async () => {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const { body } = await testCluster().request({ path, query: { labelSelector: `app=${app}` } });
    return (body as { items: { metadata: { name: string } }[] }).items;
  };
  await expect.poll(async () => (await pods()).length, { timeout: 15_000 }).toBe(1);
  return (await pods())[0]?.metadata.name ?? '';
}

// What a kubelet would write.
async function writeStatus(namespace: string, pod: string, status: unknown): Promise<void> {
  await testCluster().request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/pods/${pod}/status`,
    body: { status },
    contentType: MERGE_PATCH,
  });
}

const waiting = (name: string, reason: string, message: string) => ({
  phase: 'Pending',
  containerStatuses: [
    {
      name,
      image: name,
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason, message } },
    },
  ],
});

const crashing = (name: string) => ({
  phase: 'Running',
  containerStatuses: [
    {
      name,
      image: name,
      imageID: '',
      ready: false,
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error', containerID: 'containerd://1' } },
    },
  ],
});

// Waits anew until the reasons are these: how long a loaded machine takes to have them is no matter.
const reasonsOf = (entries: readonly InventoryEntry[]) =>
  expect.poll(async () => (await wait(entries, { timeoutMs: 1200 })).reasons, { timeout: 60_000 });

async function wait(entries: readonly InventoryEntry[], options: Partial<SettleOptions> = {}) {
  const lines: string[] = [];
  const settlement = await settle({
    cluster: testCluster(),
    entries,
    timeoutMs: 5000,
    explainEveryMs: 500,
    onProgress: (line) => lines.push(line),
    ...options,
  });
  const unsettled = settlement.outcome === 'settled' ? [] : settlement.unsettled;
  const reasons = Object.fromEntries(unsettled.map(({ object, reason }) => [object.name, reason]));
  return { ...settlement, lines, reasons };
}

test('an image that cannot be pulled is named while it is waited for, before what only takes its time', async () => {
  const entries = await put('pull', deployment('pull', 'crier'), deployment('pull', 'deck'));
  const pod = await podOf('pull', 'deck');
  await podOf('pull', 'crier');
  const message =
    'failed to pull image "deck":\nrpc error: \u001b[31mnot found\u001b[0m, token=opensesame.';
  await writeStatus('pull', pod, waiting('deck', 'ErrImagePull', message));

  const { lines, outcome, reasons } = await wait(entries, {
    mask: (text) => text.replaceAll('opensesame', '(masked)'),
  });
  expect(outcome).toBe('timeout');
  expect(lines[0]).toBe('1/3 settled; waiting for Deployment pull/crier: 0 of 1 available');
  const reason = `0 of 1 available; pod ${pod}: container deck is waiting: ErrImagePull: failed to pull image "deck": rpc error: not found, token=(masked).`;
  expect(lines).toContain(`1/3 settled; waiting for Deployment pull/deck: ${reason}`);
  expect(reasons['deck']).toBe(reason);
  expect(reasons['crier']).toMatch(/^0 of 1 available; pod crier-\S+: not ready$/);
});

test('a container that keeps ending is named with its exit code, and its last line where there is a log', async () => {
  const entries = await put('crash', deployment('crash', 'hook'));
  await writeStatus('crash', await podOf('crash', 'hook'), crashing('hook'));

  const reason =
    /^0 of 1 available; pod hook-\S+: container hook keeps ending: exit code 1 \(Error\), 3 restarts$/;
  await reasonsOf(entries).toEqual({ hook: expect.stringMatching(reason) as string });

  const asked: ApiRequest[] = [];
  const cluster: Pick<Cluster, 'request'> = {
    // No kubelet answers for this node: a log is what only a node has.
    request: (request) => {
      if (!request.path.endsWith('/log')) return testCluster().request(request);
      asked.push(request);
      const body = 'starting\n{"level":"fatal","msg":"cannot read","error":"opensesame?"}\n\n';
      return Promise.resolve({ status: 200, body, headers: {} });
    },
  };
  const mask = (text: string) => text.replaceAll('opensesame', '(masked)');
  const { lines, reasons } = await wait(entries, { cluster, mask });
  expect(reasons['hook']).toMatch(/3 restarts; its last log line: cannot read: \(masked\)\?$/);
  expect(lines.at(-1)).toMatch(/3 restarts; its last log line: cannot read: \(masked\)\?$/);
  // Once for all rounds.
  expect(asked.map(({ query }) => query)).toEqual([
    { container: 'hook', previous: true, tailLines: 5, limitBytes: 32_768 },
  ]);
});

test('what keeps pods from being made is said, also where only an event tells', async () => {
  const entries = await put(
    'events',
    `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: events-later }
provisioner: example.org/nobody
volumeBindingMode: WaitForFirstConsumer
`,
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: events }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { serviceAccountName: nobody, containers: [{ name: db, image: db }] }
`,
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: events }
spec:
  storageClassName: absent
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
`,
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: later, namespace: events }
spec:
  storageClassName: events-later
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
`,
  );
  await reasonsOf(entries).toEqual({
    db: expect.stringMatching(
      /^0 of 1 made; FailedCreate: .*serviceaccount "nobody" not found/,
    ) as string,
    data: 'not bound, of storage class absent; ProvisioningFailed: storageclass.storage.k8s.io "absent" not found',
    later:
      'not bound, of storage class events-later; WaitForFirstConsumer: waiting for first consumer to be created before binding',
  });
  const { lines } = await wait(entries, { timeoutMs: 2500 });
  expect(lines.at(-1)).toMatch(/^2\/5 settled; waiting for \S+ events\/(?:db|data): .*not found/);
});

test('what is missing for a pod to be started is said by its events', async () => {
  const entries = await put('mount', deployment('mount', 'tide'));
  const pod = await podOf('mount', 'tide');
  const { body } = await testCluster().request({ path: `/api/v1/namespaces/mount/pods/${pod}` });
  const { uid } = (body as { metadata: { uid: string } }).metadata;
  const event = (name: string, at: string, message: string) => ({
    metadata: { name, namespace: 'mount' },
    involvedObject: { kind: 'Pod', namespace: 'mount', name: pod, uid },
    type: 'Warning',
    reason: 'FailedMount',
    message,
    lastTimestamp: at,
  });
  for (const each of [
    event('b', '2026-01-01T00:00:02Z', 'secret "github-token" not found'),
    event('a', '2026-01-01T00:00:01Z', 'timed out'),
  ]) {
    const path = '/api/v1/namespaces/mount/events';
    await testCluster().request({ method: 'POST', path, body: each });
  }
  await reasonsOf(entries).toEqual({
    tide: `0 of 1 available; pod ${pod}: not ready, last warning FailedMount: secret "github-token" not found`,
  });
});

test('the failure of an older template is no reason any more', async () => {
  await put('fixed', deployment('fixed', 'deck'));
  const old = await podOf('fixed', 'deck');
  await writeStatus('fixed', old, waiting('deck', 'ImagePullBackOff', 'Back-off pulling image'));
  await reasonsOf(await put('fixed', deployment('fixed', 'deck'))).toEqual({
    deck: expect.stringContaining('ImagePullBackOff') as string,
  });

  const fixed = deployment('fixed', 'deck').replace('image: deck', 'image: deck:fixed');
  await reasonsOf(await put('fixed', fixed)).toEqual({
    deck: expect.stringMatching(/ pod deck-\S+: not ready$/) as string,
  });
});

test('budgets and autoscalers are waited for until their controllers have seen them', async () => {
  const entries = await put(
    'scale',
    `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: deck, namespace: scale }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: deck } } }
`,
    `
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: { name: deck, namespace: scale }
spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: deck } }
`,
  );
  const first = await wait(entries, { timeoutMs: 1200 });
  expect(Object.keys(first.reasons)).toContain('deck');
  await reasonsOf(entries).toEqual({
    deck: expect.stringMatching(/unable to get the target's current scale: .*not found/) as string,
  });
});

test('pods that may not be read are said to be so, and waiting goes on', async () => {
  const entries = await put(
    'denied',
    deployment('denied', 'deck'),
    `
apiVersion: v1
kind: ServiceAccount
metadata: { name: reader, namespace: denied }
`,
    `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: denied-reader }
rules:
  - { apiGroups: [""], resources: [namespaces], verbs: [get, list] }
  - { apiGroups: [apps], resources: [deployments], verbs: [get, list] }
`,
    `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: denied-reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: denied-reader }
subjects: [{ kind: ServiceAccount, name: reader, namespace: denied }]
`,
  );
  await podOf('denied', 'deck');
  const asked: string[] = [];
  const limited = await connectAs('denied', 'reader');
  const cluster: Pick<Cluster, 'request'> = {
    request: (request) => {
      asked.push(request.path);
      return limited.request(request);
    },
  };
  const { outcome, reasons } = await wait(entries, { cluster });
  expect(outcome).toBe('timeout');
  expect(reasons['deck']).toBe('0 of 1 available; its pods may not be read');
  expect(asked.filter((path) => path === '/api/v1/namespaces/denied/pods')).toHaveLength(1);
});

async function connectAs(namespace: string, serviceAccount: string): Promise<Cluster> {
  const { environment, context, kubeconfig } = testCluster();
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const { body } = await testCluster().request({ method: 'POST', path, body: {} });
  const { token } = (body as { status: { token: string } }).status;
  const configuration = parse(await readFile(kubeconfig, 'utf8')) as { users: { user: unknown }[] };
  for (const each of configuration.users) each.user = { token };

  const workspaceRoot = await mkdtemp(join(tmpdir(), 'prow-deploy-settle-'));
  const file = join(workspaceRoot, 'kubeconfig');
  await writeFile(file, stringify(configuration), { mode: 0o600 });
  const spec = { provider: 'kubeconfig', context, kubeconfig: file } as const;
  const cluster = await connect({ environment, workspaceRoot, spec });
  onTestFinished(async () => {
    cluster.close();
    await rm(workspaceRoot, { recursive: true });
  });
  return cluster;
}
