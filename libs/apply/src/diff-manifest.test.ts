import { APPLY_PATCH, type Cluster, MERGE_PATCH } from '@prow-deploy/cluster';
import { connect } from '@prow-deploy/cluster';
import { useTestCluster } from '@prow-deploy/testing';
import { beforeAll, expect, test } from 'vitest';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { apply, type ApplyOptions } from './apply.ts';
import { diffManifest, type ManifestDiff } from './diff-manifest.ts';
import { formatApplyResult } from './format-apply-result.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { describe } from './object-reference.ts';
import { formatPlan } from './plan/format-plan.ts';
import { readManifest } from './read-manifest.ts';
import { pause } from './send.ts';
import { manifest, small } from './testing/manifests.ts';

const testCluster = useTestCluster('diff');
const digests = (text: string) => ({ manifestDigest: text, secretsDigest: 's' });

async function applyText(text: string, prow: string, options: Partial<ApplyOptions> = {}) {
  return apply({
    cluster: testCluster(),
    environment: prow,
    inventoryNamespace: prow,
    objects: await readManifest(text),
    record: { hash: 'h', ...digests(text) },
    ...options,
  });
}

async function applied(text: string, prow: string, options: Partial<ApplyOptions> = {}) {
  const result = await applyText(text, prow, options);
  expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
  return result;
}

async function diff(
  text: string,
  prow: string,
  options: Partial<ApplyOptions> = {},
): Promise<ManifestDiff> {
  const objects = () => readManifest(text);
  const place = { cluster: testCluster(), environment: prow, inventoryNamespace: prow };
  return diffManifest({ ...place, ...options, ...digests(text), objects });
}

const actionsOf = ({ plan }: ManifestDiff) =>
  Object.fromEntries(plan.objects.map(({ object, action }) => [describe(object), action]));

const withWorkload = (prow: string): string => `${small(prow)}
---
apiVersion: v1
kind: Secret
metadata: { name: token, namespace: ${prow} }
data: { token: ${Buffer.from('correct horse').toString('base64')} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reader, namespace: ${prow} }
spec:
  selector: { matchLabels: { app: reader } }
  template:
    metadata: { labels: { app: reader } }
    spec:
      containers:
        - name: main
          image: reader
          env: [{ name: A, valueFrom: { configMapKeyRef: { name: config, key: a } } }]
          volumeMounts: [{ name: token, mountPath: /etc/token, subPath: token }]
      volumes: [{ name: token, secret: { secretName: token } }]
`;

test('before the first apply everything is created, and nothing is written', async () => {
  const found = await diff(manifest('new'), 'new');
  expect(new Set(Object.values(actionsOf(found)))).toEqual(new Set(['create']));
  expect(found.plan.objects).toHaveLength(16);
  expect(formatPlan(found.plan).at(-1)).toBe('An apply of new would do: 16 create.');
  await expect(testCluster().request({ path: '/api/v1/namespaces/new' })).rejects.toMatchObject({
    status: 404,
  });
});

test('each object has its action, and each change its fields', async () => {
  const text = withWorkload('actions');
  await applied(text, 'actions');
  expect(new Set(Object.values(actionsOf(await diff(text, 'actions'))))).toEqual(
    new Set(['unchanged']),
  );

  const changed = text
    .replace('data: { a: b }', 'data: { a: c }')
    .replace(
      'name: deck, namespace: actions }\nspec:\n  defaultBackend',
      'name: dock, namespace: actions }\nspec:\n  defaultBackend',
    );
  const found = await diff(changed, 'actions');
  expect(actionsOf(found)).toEqual({
    'Namespace actions': 'unchanged',
    'ConfigMap actions/config': 'change',
    'Secret actions/token': 'unchanged',
    'Service actions/deck': 'unchanged',
    'Deployment actions/reader': 'restart',
    'Ingress actions/dock': 'create',
    'Ingress actions/deck': 'prune',
  });
  const lines = formatPlan(found.plan);
  expect(lines).toContain('    .data.a: "b" -> "c"');
  expect(lines.join('\n')).toMatch(
    /Deployment actions\/reader restarts for ConfigMap actions\/config/,
  );
  expect(lines.at(-1)).toBe(
    'An apply of actions would do: 1 create, 1 change, 1 restart, 3 unchanged, 1 prune.',
  );
  expect(found.refused).toBeUndefined();

  const result = await applied(changed, 'actions');
  expect(result.objects.map(({ object, action }) => [describe(object), action])).toEqual([
    ['Namespace actions', 'unchanged'],
    ['ConfigMap actions/config', 'configured'],
    ['Secret actions/token', 'unchanged'],
    ['Service actions/deck', 'unchanged'],
    ['Deployment actions/reader', 'restarted'],
    ['Ingress actions/dock', 'created'],
    ['Ingress actions/deck', 'pruned'],
  ]);
  expect(new Set(Object.values(actionsOf(await diff(changed, 'actions'))))).toEqual(
    new Set(['unchanged']),
  );
});

test('that a secret changes is shown, and not to what', async () => {
  const text = withWorkload('masked');
  await applied(text, 'masked');
  const rotated = text.replace(
    Buffer.from('correct horse').toString('base64'),
    Buffer.from('battery staple').toString('base64'),
  );
  const found = await diff(rotated, 'masked');
  const said = [JSON.stringify(found), ...formatPlan(found.plan)].join('\n');
  expect(said).toMatch(/\.data\.token: \(secret [0-9a-f]{8}\) -> \(secret [0-9a-f]{8}\)/);
  for (const value of ['correct horse', 'battery staple']) {
    expect(said).not.toContain(value);
    expect(said).not.toContain(Buffer.from(value).toString('base64').slice(0, 12));
  }
  expect(actionsOf(found)).toMatchObject({
    'Secret masked/token': 'change',
    'Deployment masked/reader': 'restart',
  });
});

test('what another holds, what cannot be changed and what is refused is found before anything is sent', async () => {
  const text = withWorkload('blocked');
  await applied(text, 'blocked');
  await testCluster()
    .request({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/blocked/deployments/reader',
      query: { fieldManager: 'autoscaler' },
      contentType: MERGE_PATCH,
      body: { spec: { template: { spec: { containers: null } } } },
    })
    .catch(() => undefined);
  await testCluster().request({
    method: 'PATCH',
    path: '/api/v1/namespaces/blocked/configmaps/config',
    query: { fieldManager: 'hook' },
    contentType: MERGE_PATCH,
    body: { data: { a: 'theirs' } },
  });
  const changed = text
    .replaceAll('app: reader', 'app: writer')
    .replace('port: 80, targetPort', 'port: 99999, targetPort');
  const found = await diff(changed, 'blocked');
  expect(actionsOf(found)).toMatchObject({
    'ConfigMap blocked/config': 'conflict',
    'Deployment blocked/reader': 'reject',
    'Service blocked/deck': 'reject',
  });
  expect(formatPlan(found.plan)).toContain('conflict ConfigMap blocked/config: hook holds .data.a');
  const deployment = found.plan.objects.find(({ object }) => object.kind === 'Deployment');
  expect(deployment?.forecast?.[0]).toMatchObject({ refused: true });
  expect(found.refused).toMatch(/; and 2 more$/);

  const versions = async () => {
    const { body } = await testCluster().request({ path: '/api/v1/namespaces/blocked/services' });
    return (body as { items: KubernetesObject[] }).items.map(
      (item) => item.metadata.resourceVersion,
    );
  };
  const before = await versions();
  const result = await applyText(changed, 'blocked');
  expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'refused' } });
  expect(await versions()).toEqual(before);
});

test('a manifest that lacks much of what is there is not applied unasked', async () => {
  const text = withWorkload('halved');
  await applied(text, 'halved');
  const less = text.slice(0, text.indexOf('---\napiVersion: v1\nkind: Service'));
  const found = await diff(less, 'halved');
  expect(found.refused).toMatch(
    /^the manifest lacks 4 of the 6 objects of the last apply \(67 %\), which would be deleted: .*If you mean it, apply with --confirm-prune=4$/,
  );
  const refused = await applyText(less, 'halved', { confirmPrune: 5 });
  expect(refused).toMatchObject({ outcome: 'failed', failure: { code: 'prunes-many' } });
  const result = await applied(less, 'halved', { confirmPrune: 4 });
  expect(result.objects.filter(({ action }) => action === 'pruned')).toHaveLength(4);

  const empty = await applyText('', 'halved');
  expect(empty).toMatchObject({ outcome: 'failed', failure: { code: 'prunes-many' } });
});

test('what holds data is kept, told of each time, and pruned only where that is asked for', async () => {
  const claim = `
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data, namespace: data }
spec: { accessModes: [ReadWriteOnce], storageClassName: "", volumeName: none, resources: { requests: { storage: 1Gi } } }
`;
  const wait = { settleTimeoutMs: 0 };
  await applied(small('data') + claim, 'data', wait);
  expect(actionsOf(await diff(small('data'), 'data'))).toMatchObject({
    'PersistentVolumeClaim data/data': 'keep',
  });
  const kept = await applied(small('data'), 'data');
  expect(formatApplyResult(kept).join('\n')).toContain(
    'PersistentVolumeClaim data/data: it holds data',
  );
  const again = await applied(small('data'), 'data');
  expect(again.objects.at(-1)).toMatchObject({ action: 'kept' });
  const pruned = await applied(small('data'), 'data', { pruneData: true });
  expect(pruned.objects.at(-1)).toMatchObject({ action: 'pruned', object: { name: 'data' } });
});

let readOnly: Cluster;
beforeAll(async () => {
  // RBAC cannot tell a dry run from a write, so a policy of the API server forbids every write of this user.
  const put = (path: string, body: unknown) =>
    testCluster().request({
      method: 'PATCH',
      path,
      query: { fieldManager: 'test', force: true },
      contentType: APPLY_PATCH,
      body,
    });
  const user = 'system:serviceaccount:default:reader';
  await put('/api/v1/namespaces/default/serviceaccounts/reader', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'reader' },
  });
  await put('/apis/rbac.authorization.k8s.io/v1/clusterroles/reader', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'patch', 'create'] }],
  });
  await put('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/reader', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace: 'default' }],
  });
  const admission = '/apis/admissionregistration.k8s.io/v1';
  await put(`${admission}/validatingadmissionpolicies/reader`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'reader' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] },
        ],
      },
      validations: [
        {
          expression: `request.userInfo.username != "${user}" || request.dryRun`,
          message: 'reads only',
        },
      ],
    },
  });
  await put(`${admission}/validatingadmissionpolicybindings/reader`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'reader' },
    spec: { policyName: 'reader', validationActions: ['Deny'] },
  });
  const { body } = await testCluster().request({
    method: 'POST',
    path: '/api/v1/namespaces/default/serviceaccounts/reader/token',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  });
  const { token } = (body as { status: { token: string } }).status;
  const folder = await mkdtemp(join(tmpdir(), 'prow-deploy-reader-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = { server: testCluster().server, 'insecure-skip-tls-verify': true };
  await writeFile(
    kubeconfig,
    stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'reader', context: { cluster: 'c', user: 'u' } }],
    }),
    { mode: 0o600 },
  );
  const spec = { provider: 'kubeconfig' as const, kubeconfig, context: 'reader' };
  readOnly = await connect({ environment: 'reader', workspaceRoot: folder, spec });
  // A policy takes a moment to take effect.
  const write = () =>
    readOnly.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/default/configmaps/probe',
      query: { fieldManager: 'test' },
      contentType: APPLY_PATCH,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' } },
    });
  const probe = () =>
    write().then(
      () => 'written',
      (error: unknown) => String(error),
    );
  while (!(await probe()).includes('reads only')) await pause(200);
  await rm(folder, { recursive: true });
}, 60_000);

test('the right to read and to send dry runs is enough, and nothing more is used', async () => {
  const text = withWorkload('read');
  await applied(text, 'read');
  const changed = text.replace('data: { a: b }', 'data: { a: c }');
  const found = await diff(changed, 'read', { cluster: readOnly });
  expect(actionsOf(found)).toMatchObject({
    'ConfigMap read/config': 'change',
    'Deployment read/reader': 'restart',
  });
  // Before the first apply too.
  const first = await diff(small('unread'), 'unread', { cluster: readOnly });
  expect(new Set(Object.values(actionsOf(first)))).toEqual(new Set(['create']));
});
