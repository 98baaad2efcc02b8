import { type ApiRequest, type Cluster, MERGE_PATCH } from '@prow-deploy/cluster';
import { useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { apply, type ApplyOptions } from './apply.ts';
import { checkRecord } from './check-record.ts';
import { formatApplyResult } from './format-apply-result.ts';
import { readInventory } from './inventory-store.ts';
import { describe, identify } from './object-reference.ts';
import { readManifest } from './read-manifest.ts';
import { readRecord } from './record.ts';
import { manifest, small } from './testing/manifests.ts';
import { refusal, unreachable } from './testing/refusal.ts';

const testCluster = useTestCluster('apply');

// Of another manifest than the one that `RECORD` is of.
const OTHER = { hash: '5678', manifestDigest: 'manifest-2', secretsDigest: 'secrets-1' };
const RECORD = { hash: '1234', manifestDigest: 'manifest-1', secretsDigest: 'secrets-1' };

async function applyText(text: string, prow: string, options: Partial<ApplyOptions> = {}) {
  return apply({
    cluster: testCluster(),
    environment: prow,
    inventoryNamespace: prow,
    objects: await readManifest(text),
    record: RECORD,
    settleTimeoutMs: 20_000,
    ...options,
  });
}

const actionsOf = (result: Awaited<ReturnType<typeof apply>>) =>
  Object.fromEntries(result.objects.map(({ object, action }) => [describe(object), action]));

const check = (prow: string) =>
  checkRecord({ ...RECORD, cluster: testCluster(), inventoryNamespace: prow });

// What `kubectl edit` sends.
async function editByHand(path: string, body: unknown, manager = 'kubectl-edit') {
  const query = { fieldManager: manager };
  await testCluster().request({ method: 'PATCH', path, query, body, contentType: MERGE_PATCH });
}

const remove = (path: string) => testCluster().request({ method: 'DELETE', path });

test('a manifest is created, settles, is unchanged by the next apply, and the cluster remembers it', async () => {
  const lines: string[] = [];
  // Definitions do not wait for namespaces, nor the other way round: here they come second.
  let goOn = (): void => undefined;
  const namespaces = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const onProgress = (line: string) => {
    lines.push(line);
    if (line.endsWith(': namespaces')) goOn();
  };
  const namespacesFirst: Cluster = {
    ...testCluster(),
    request: async (request) => {
      const defines = request.path.includes('/customresourcedefinitions/');
      if (defines && request.method === 'PATCH') await namespaces;
      return testCluster().request(request);
    },
  };
  expect(await check('first')).toEqual({
    current: false,
    reason: 'nothing was applied to this cluster yet',
  });

  const created = await applyText(manifest('first'), 'first', {
    cluster: namespacesFirst,
    onProgress,
  });
  expect(created.outcome, formatApplyResult(created).join('\n')).toBe('applied');
  expect(new Set(created.objects.map(({ action }) => action))).toEqual(new Set(['created']));
  expect(created.objects).toHaveLength(16);
  expect(lines.at(0)).toBe('applied 2/16: namespaces');
  expect(lines.some((line) => /^\d+\/16 settled; waiting for /.test(line))).toBe(true);
  const firstCheck = await check('first');
  expect(firstCheck).toMatchObject({ current: true, record: RECORD });

  const again = await applyText(manifest('first'), 'first');
  expect(actionsOf(again)).toEqual(
    Object.fromEntries(again.objects.map(({ object }) => [describe(object), 'unchanged'])),
  );
  expect(
    await readRecord({ cluster: testCluster(), inventoryNamespace: 'first', kind: 'apply' }),
  ).toMatchObject({ ...RECORD, fingerprint: firstCheck.current && firstCheck.record.fingerprint });

  const other = { ...RECORD, cluster: testCluster(), inventoryNamespace: 'first' };
  expect(await checkRecord({ ...other, manifestDigest: 'manifest-2' })).toEqual({
    current: false,
    reason: 'the manifest differs',
  });
  expect(await checkRecord({ ...other, secretsDigest: 'secrets-2' })).toEqual({
    current: false,
    reason: 'the secrets differ',
  });
  expect(await checkRecord({ ...other, kind: 'verify' })).toEqual({
    current: false,
    reason: 'the last verify did not succeed, or there was none',
  });
  expect(await checkRecord({ ...other, maxAgeMs: -5000 })).toMatchObject({ current: false });
  expect(await checkRecord({ ...other, environment: 'other' })).toEqual({
    current: false,
    reason: 'the inventory is that of first',
  });
});

test('an edit by hand is named, is taken back by the next apply, and that one is remembered', async () => {
  const text = manifest('edited');
  expect((await applyText(text, 'edited')).outcome).toBe('applied');
  const deck = '/apis/apps/v1/namespaces/edited/deployments/deck';

  await editByHand(deck, { spec: { replicas: 2 } });
  expect(await check('edited')).toEqual({
    current: false,
    reason: 'Deployment edited/deck was changed',
  });
  const repaired = await applyText(text, 'edited');
  expect(actionsOf(repaired)).toMatchObject({
    'Deployment edited/deck': 'configured',
    'ConfigMap edited/config': 'unchanged',
  });
  expect(formatApplyResult(repaired)).toEqual([
    expect.stringMatching(/^Applied edited at \S+Z in \d+\.\d s: 1 configured, 15 unchanged\.$/),
    'Configured (1):',
    '  Deployment edited/deck',
    'Taken over (1):',
    '  Deployment edited/deck: kubectl-edit holds .spec.replicas',
  ]);
  expect(await check('edited')).toMatchObject({ current: true });

  // What is no field of ours: a label, a key, a status.
  await editByHand(deck, { metadata: { labels: { mine: 'yes' } } }, 'kubectl-label');
  await editByHand('/api/v1/namespaces/edited/configmaps/config', { data: { more: 'x' } });
  await editByHand('/api/v1/namespaces/edited', { metadata: { labels: { mine: 'yes' } } });
  await editByHand('/api/v1/persistentvolumes/edited-ghproxy', {
    metadata: { annotations: { mine: 'yes' } },
  });
  expect(await check('edited')).toEqual({
    current: false,
    reason:
      'ConfigMap edited/config was changed, Deployment edited/deck was changed, Namespace edited was changed, and 1 more',
  });
});

test('a field that a controller holds is a failure that names it, and is taken over where asked', async () => {
  const text = manifest('held');
  expect((await applyText(text, 'held')).outcome).toBe('applied');
  const deck = '/apis/apps/v1/namespaces/held/deployments/deck';
  await editByHand(deck, { spec: { replicas: 2 } }, 'autoscaler');

  const failed = await applyText(text, 'held');
  expect(failed).toMatchObject({ outcome: 'failed', failure: { code: 'refused' } });
  expect(formatApplyResult(failed)).toEqual([
    'Cannot apply to held: Deployment held/deck: autoscaler holds .spec.replicas. Let them keep it by removing the field from the manifest, or apply with take-over "everything".',
    'Nothing was sent.',
  ]);
  expect(await check('held')).toMatchObject({ current: false });
  expect((await applyText(text, 'held', { takeOver: 'everything' })).outcome).toBe('applied');
  await editByHand(deck, { spec: { replicas: 2 } });
  expect((await applyText(text, 'held', { takeOver: 'nothing' })).outcome).toBe('failed');
});

test('what was deleted by hand is named, and made again by the next apply', async () => {
  const text = small('deleted');
  expect((await applyText(text, 'deleted')).outcome).toBe('applied');
  await remove('/api/v1/namespaces/deleted/configmaps/config');
  await remove('/api/v1/namespaces/deleted/services/deck');
  expect(await check('deleted')).toEqual({
    current: false,
    reason: 'ConfigMap deleted/config was deleted, Service deleted/deck was deleted',
  });
  const restored = await applyText(text, 'deleted');
  expect(restored.outcome).toBe('applied');
  expect(restored.objects.filter(({ action }) => action === 'created')).toHaveLength(2);
  expect(await check('deleted')).toMatchObject({ current: true });
});

test('the fingerprint stays while controllers work, and pods come and go', async () => {
  expect((await applyText(manifest('quiet'), 'quiet')).outcome).toBe('applied');
  const list = await testCluster().request({ path: '/api/v1/namespaces/quiet/pods' });
  const { items } = list.body as { items: { metadata: { name: string } }[] };
  const pod = items.find(({ metadata }) => metadata.name.startsWith('deck-'));
  await remove(`/api/v1/namespaces/quiet/pods/${pod?.metadata.name ?? ''}`);
  const statusOf = async (path: string) => {
    const { body } = await testCluster().request({ path });
    return body as {
      metadata: { resourceVersion: string };
      status: { availableReplicas?: number };
    };
  };
  const deck = '/apis/apps/v1/namespaces/quiet/deployments/deck';
  const before = await statusOf(deck);
  await expect
    .poll(async () => (await statusOf(deck)).metadata.resourceVersion, { timeout: 20_000 })
    .not.toBe(before.metadata.resourceVersion);
  await expect
    .poll(async () => (await statusOf(deck)).status.availableReplicas, { timeout: 20_000 })
    .toBe(1);
  expect(await check('quiet')).toMatchObject({ current: true });
});

test('an object that the API server refuses is named, and the fate of the others is stated', async () => {
  const text = `${manifest('refused')}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: Not_A_Name, namespace: refused }
`;
  const result = await applyText(text, 'refused');
  expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'rejected' } });
  const actions = actionsOf(result);
  expect(actions).toMatchObject({
    'ConfigMap refused/Not_A_Name': 'failed',
    'ConfigMap refused/config': 'created',
    'Secret refused/hmac-token': 'created',
    'Role refused-jobs/deck': 'created',
    'Service refused/deck': 'created',
    'Deployment refused/deck': 'skipped',
  });
  expect(formatApplyResult(result)[0]).toMatch(
    /^Cannot apply to refused: ConfigMap refused\/Not_A_Name: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain/,
  );
  expect(await check('refused')).toEqual({
    current: false,
    reason: 'the last apply did not succeed, or there was none',
  });
});

test('a field that cannot be changed in place is an error with the remedy', async () => {
  const text = manifest('immutable');
  expect((await applyText(text, 'immutable')).outcome).toBe('applied');
  const changed = text.replaceAll('app: deck', 'app: desk');
  const result = await applyText(changed, 'immutable', { record: OTHER });
  expect(formatApplyResult(result)).toEqual([
    expect.stringMatching(
      /^Cannot apply to immutable: Deployment immutable\/deck: spec\.selector: field is immutable\. Delete Deployment immutable\/deck by hand \(kubectl delete deployment deck --namespace immutable\), then apply again.*It loses /,
    ),
    'Nothing was sent.',
  ]);
});

test('the values of a Secret are in no message, whatever the API server says of it', async () => {
  const secrets = `
apiVersion: v1
kind: Namespace
metadata: { name: masked }
---
apiVersion: v1
kind: Secret
metadata: { name: broken, namespace: masked }
data: { token: "sup3r-s3cret!" }
---
apiVersion: v1
kind: Secret
metadata: { name: number, namespace: masked }
data: { token: 8675309 }
---
apiVersion: v1
kind: Secret
metadata: { name: nested, namespace: masked }
data: { token: { inner: hunter2 } }
---
apiVersion: v1
kind: Secret
metadata: { name: wrong-type, namespace: masked }
type: kubernetes.io/dockerconfigjson
stringData: { .dockerconfigjson: "{not json: letmein}" }
---
apiVersion: v1
kind: Secret
metadata: { name: bad-key, namespace: masked }
stringData: { "no/slash": opensesame }
`;
  const lines: string[] = [];
  const result = await applyText(secrets, 'masked', { onProgress: (line) => lines.push(line) });
  expect(result.objects.filter(({ action }) => action === 'failed')).toHaveLength(5);
  const said = [JSON.stringify(result), ...formatApplyResult(result), ...lines].join('\n');
  const values = ['sup3r-s3cret', '8675309', 'hunter2', 'letmein', 'opensesame'];
  for (const value of values) {
    expect(said).not.toContain(value);
    expect(said).not.toContain(Buffer.from(value).toString('base64').slice(0, 8));
  }
  expect(said).toContain('Secret masked/broken');
});

test('an apply that is interrupted says what it did, and leaves a complete inventory', async () => {
  const controller = new AbortController();
  const text = manifest('killed');
  const result = await applyText(text, 'killed', {
    signal: controller.signal,
    onProgress: (line) => {
      if (line.endsWith(': roles')) controller.abort();
    },
  });
  expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'aborted' } });
  expect(actionsOf(result)).toMatchObject({
    'Role killed-jobs/deck': 'created',
    'RoleBinding killed-jobs/deck': 'skipped',
    'Deployment killed/deck': 'skipped',
  });
  const stored = await readInventory({ cluster: testCluster(), inventoryNamespace: 'killed' });
  expect(stored?.inventory.entries.map(describe).sort()).toEqual(
    (await readManifest(text)).map((object) => describe(identify(object))).sort(),
  );
  const finished = await applyText(text, 'killed');
  expect(finished.outcome, formatApplyResult(finished).join('\n')).toBe('applied');
});

test('what left the manifest is pruned, last, and leaves the inventory', async () => {
  const text = small('left');
  expect((await applyText(text, 'left')).outcome).toBe('applied');
  const lines: string[] = [];
  const less = text.replace(/---\napiVersion: networking.k8s.io(.|\n)*$/, '');
  const result = await applyText(less, 'left', {
    record: OTHER,
    onProgress: (line) => lines.push(line),
  });
  expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
  expect(actionsOf(result)).toEqual({
    'Namespace left': 'unchanged',
    'ConfigMap left/config': 'unchanged',
    'Service left/deck': 'unchanged',
    'Ingress left/deck': 'pruned',
  });
  expect(lines.at(-1)).toBe('pruning Ingress left/deck');
  const place = { cluster: testCluster(), inventoryNamespace: 'left' };
  expect(await checkRecord({ ...OTHER, ...place })).toMatchObject({ current: true });
  const stored = await readInventory(place);
  expect(stored?.inventory.entries.map(describe)).not.toContain('Ingress left/deck');
});

test('what does not settle in time is named with the reason of its pods', async () => {
  const text = manifest('slow').replace(
    'serviceAccountName: deck',
    'nodeSelector: { type: bare-metal }',
  );
  const result = await applyText(text, 'slow', { settleTimeoutMs: 2500 });
  expect(result).toMatchObject({
    outcome: 'failed',
    failure: {
      code: 'unsettled',
      message: 'Cannot apply to slow: 1 of 16 objects did not settle within 3 s.',
      unsettled: [{ object: { name: 'deck' }, status: 'InProgress' }],
    },
  });
  expect(formatApplyResult(result)[3]).toMatch(
    /^ {2}Deployment slow\/deck: 0 of 1 available; pod deck-\S+: 0\/1 nodes are available: .*node affinity/,
  );
});

test('a workload whose ServiceAccount is missing says so', async () => {
  const text = manifest('accountless').replace(
    'serviceAccountName: deck',
    'serviceAccountName: nobody',
  );
  const result = await applyText(text, 'accountless', { settleTimeoutMs: 2500 });
  expect(formatApplyResult(result)[3]).toContain('serviceaccount "nobody" not found');
});

test("two environments in one cluster do not see what is the other's", async () => {
  const [one, two] = [small('one'), small('two')];
  expect((await applyText(one, 'one')).outcome).toBe('applied');
  expect((await applyText(two, 'two')).outcome).toBe('applied');
  expect(await check('one')).toMatchObject({ current: true });
  await remove('/api/v1/namespaces/one/configmaps/config');
  expect(await check('one')).toMatchObject({ current: false });
  expect(await check('two')).toMatchObject({ current: true });

  const strayed = await applyText(
    one.replace('name: config, namespace: one', 'name: config, namespace: two'),
    'one',
  );
  expect(strayed).toMatchObject({
    outcome: 'failed',
    failure: {
      code: 'refused',
      message:
        'Cannot apply to one: ConfigMap two/config: it belongs to two. Rename it, or apply with take-over "everything".',
    },
  });
  const swapped = await applyText(two, 'one', { inventoryNamespace: 'two' });
  expect(swapped).toMatchObject({
    outcome: 'failed',
    failure: {
      message:
        'Cannot apply to one: the inventory in namespace two is that of two. Give each environment a Prow namespace of its own.',
    },
  });
});

test('a manifest that does not fit the cluster is refused before anything is sent', async () => {
  const unknown = await applyText(
    'apiVersion: example.org/v1\nkind: Gadget\nmetadata: { name: a, namespace: x }',
    'default',
  );
  expect(formatApplyResult(unknown)).toEqual([
    'Cannot apply to default: this cluster does not serve the kind of Gadget x/a (example.org/v1). Correct the apiVersion, or add the CustomResourceDefinition.',
    'Nothing was sent.',
  ]);
  const homeless = await applyText(
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: default }',
    'nowhere',
  );
  expect(formatApplyResult(homeless)[0]).toBe(
    'Cannot apply to nowhere: the namespace nowhere, which is to hold the inventory, is neither in the cluster nor in the manifest. Add it.',
  );
});

test('a field that no schema has is refused, and what the API server warns of is told', async () => {
  const home = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: fields }\n---\n';
  const meta = 'metadata: { name: odd, namespace: fields }';
  const typo = await applyText(
    `${home}apiVersion: v1\nkind: ConfigMap\n${meta}\ndata: { a: b }\ndatas: { a: b }`,
    'fields',
  );
  expect(formatApplyResult(typo)[0]).toMatch(
    /^Cannot apply to fields: ConfigMap fields\/odd: .*\.datas: field not declared in schema/,
  );
  const gadgets = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.fields.example.org }
spec:
  group: fields.example.org
  names: { kind: Gadget, plural: gadgets }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: integer } } } }
---
apiVersion: fields.example.org/v1
kind: Gadget
${meta}
`;
  const sound = await applyText(`${home}${gadgets}spec: { size: 1 }`, 'fields');
  expect(sound.outcome, formatApplyResult(sound).join('\n')).toBe('applied');
  const custom = await applyText(`${home}${gadgets}spec: { size: 1, sise: 2 }`, 'fields', {
    record: OTHER,
  });
  expect(formatApplyResult(custom)[0]).toContain('.spec.sise: field not declared in schema');
  const old = await applyText(
    `${home}${gadgets}spec: { size: 1 }\n---\napiVersion: v1\nkind: Endpoints\n${meta}\nsubsets: []`,
    'fields',
    { record: OTHER },
  );
  expect(formatApplyResult(old)).toContain(
    'Warning: Endpoints fields/odd: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  );
});

test('a busy API server is asked again', async () => {
  const cluster = testCluster();
  let refused = 0;
  const overloaded: Cluster = {
    ...cluster,
    request: (request: ApiRequest) => {
      if (request.method === 'PATCH' && refused < 3) {
        refused += 1;
        return Promise.reject(refusal(429, 'busy', [], 0.1));
      }
      return cluster.request(request);
    },
  };
  const text = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: busy }';
  const result = await applyText(text, 'busy', { cluster: overloaded });
  expect(result.outcome).toBe('applied');
  expect(refused).toBe(3);
});

test(
  'an API server that is lost on the way fails what is under way and skips the rest',
  { timeout: 180_000 },
  async () => {
    const cluster = testCluster();
    const lost: Cluster = {
      ...cluster,
      request: (request: ApiRequest) =>
        request.method === 'PATCH' && request.path.includes('/services/')
          ? Promise.reject(unreachable())
          : cluster.request(request),
    };
    const result = await applyText(small('lost'), 'lost', { cluster: lost });
    expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'rejected' } });
    expect(actionsOf(result)).toEqual({
      'Namespace lost': 'created',
      'ConfigMap lost/config': 'created',
      'Service lost/deck': 'failed',
      'Ingress lost/deck': 'skipped',
    });
    expect(formatApplyResult(result)[0]).toBe(
      'Cannot apply to lost: Service lost/deck: no answer.',
    );

    // All is sent, and what was sent can no longer be read.
    let sent = 0;
    const lostLater: Cluster = {
      ...cluster,
      request: (request: ApiRequest) => {
        if (request.path.includes('/ingresses/')) sent += 1;
        const reads = request.method === undefined && request.path.endsWith('/services');
        return sent > 0 && reads
          ? Promise.reject(refusal(403, 'forbidden'))
          : cluster.request(request);
      },
    };
    const unread = await applyText(small('lost'), 'lost', { cluster: lostLater });
    expect(unread).toMatchObject({ outcome: 'failed', failure: { code: 'unrecorded' } });
    expect(formatApplyResult(unread)).toEqual([
      'Cannot apply to lost: it cannot be told whether all has settled: forbidden.',
      expect.stringMatching(/^After \d+\.\d s: 2 created, 2 unchanged\.$/),
      'The next apply does it again.',
    ]);
  },
);

test('what another changes while it is applied is a failure, and is not remembered', async () => {
  const cluster = testCluster();
  let edited = false;
  const disturbed: Cluster = {
    ...cluster,
    request: async (request: ApiRequest) => {
      // The last that is applied; the ConfigMap was taken before it.
      if (!edited && request.method === 'PATCH' && request.path.includes('/ingresses/')) {
        edited = true;
        await editByHand('/api/v1/namespaces/disturbed/configmaps/config', { data: { a: 'c' } });
      }
      return cluster.request(request);
    },
  };
  const result = await applyText(small('disturbed'), 'disturbed', { cluster: disturbed });
  expect(edited).toBe(true);
  expect(formatApplyResult(result)[0]).toBe(
    'Cannot apply to disturbed: another changed ConfigMap disturbed/config meanwhile. Apply again.',
  );
  expect(await check('disturbed')).toMatchObject({ current: false });
  expect((await applyText(small('disturbed'), 'disturbed')).outcome).toBe('applied');
});

test('credentials that may not list the whole cluster are enough', async () => {
  const cluster = testCluster();
  const limited: Cluster = {
    ...cluster,
    request: (request: ApiRequest) =>
      /\/(?:configmaps|secrets|services|roles)$/.test(request.path) &&
      !request.path.includes('/namespaces/')
        ? Promise.reject(refusal(403, 'forbidden'))
        : cluster.request(request),
  };
  const text = `${small('limited')}
---
apiVersion: v1
kind: Namespace
metadata: { name: limited-jobs }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: limited-jobs }
data: { a: b }
`;
  expect(await applyText(text, 'limited', { cluster: limited })).toMatchObject({
    outcome: 'applied',
  });
  const place = { cluster: limited, inventoryNamespace: 'limited' };
  expect(await checkRecord({ ...RECORD, ...place })).toMatchObject({ current: true });
});
