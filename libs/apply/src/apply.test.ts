import { type ApiRequest, type Cluster, MERGE_PATCH } from '@prow-deploy/cluster';
import { beforeAll, expect, test } from 'vitest';
import { apply, type ApplyOptions } from './apply.ts';
import { checkRecord } from './check-record.ts';
import { formatApplyResult } from './format-apply-result.ts';
import { readInventory } from './inventory-store.ts';
import { describe, identify } from './object-reference.ts';
import { readManifest } from './read-manifest.ts';
import { readRecord } from './record.ts';
import { useTestCluster } from './testing/test-cluster.ts';

const testCluster = useTestCluster('apply');

// Each story has namespaces of its own, so that none sees what another left.
function manifest(prow: string, jobs = `${prow}-jobs`): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: ${prow}, labels: { app: deck } }
spec:
  replicas: 1
  selector: { matchLabels: { app: deck } }
  template:
    metadata: { labels: { app: deck } }
    spec:
      serviceAccountName: deck
      containers: [{ name: deck, image: deck, ports: [{ containerPort: 8080 }] }]
---
apiVersion: v1
kind: Service
metadata: { name: deck, namespace: ${prow} }
spec: { selector: { app: deck }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: deck, namespace: ${prow} }
spec:
  defaultBackend: { service: { name: deck, port: { number: 80 } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: ${prow} }
data: { config.yaml: "prowjob_namespace: ${jobs}" }
---
apiVersion: v1
kind: Secret
metadata: { name: hmac-token, namespace: ${prow} }
stringData: { hmac: "correct horse" }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: deck, namespace: ${prow} }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: deck, namespace: ${jobs} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: deck }
subjects: [{ kind: ServiceAccount, name: deck, namespace: ${prow} }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: deck, namespace: ${jobs} }
rules: [{ apiGroups: [""], resources: [pods/log], verbs: [get] }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ghproxy, namespace: ${prow} }
spec:
  storageClassName: ""
  volumeName: ${prow}-ghproxy
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${prow}-ghproxy }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /tmp/ghproxy }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: label-sync, namespace: ${prow} }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template:
        spec: { restartPolicy: Never, containers: [{ name: label-sync, image: label-sync }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: ${prow} }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: migrate }] }
---
apiVersion: ${prow}.example.org/v1
kind: Widget
metadata: { name: one, namespace: ${jobs} }
spec: { size: 1 }
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
      subresources: { status: {} }
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: v1
kind: Namespace
metadata: { name: ${prow} }
---
apiVersion: v1
kind: Namespace
metadata: { name: ${jobs} }
`;
}

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

const check = (prow: string) => checkRecord({ ...RECORD, cluster: testCluster(), inventoryNamespace: prow });

// What `kubectl edit` sends.
async function editByHand(path: string, body: unknown, manager = 'kubectl-edit') {
  const query = { fieldManager: manager };
  await testCluster().request({ method: 'PATCH', path, query, body, contentType: MERGE_PATCH });
}

const remove = (path: string) => testCluster().request({ method: 'DELETE', path });

test('a manifest is created, settles, is unchanged by the next apply, and the cluster remembers it', async () => {
  const lines: string[] = [];
  const onProgress = (line: string) => lines.push(line);
  expect(await check('first')).toEqual({
    current: false,
    reason: 'nothing was applied to this cluster yet',
  });

  const created = await applyText(manifest('first'), 'first', { onProgress });
  expect(created.outcome, formatApplyResult(created).join('\n')).toBe('applied');
  expect(new Set(created.objects.map(({ action }) => action))).toEqual(new Set(['created']));
  expect(created.objects).toHaveLength(16);
  expect(lines.at(0)).toBe('applied 2/16: namespaces');
  expect(lines.some((line) => /^\d+\/16 settled; waiting for /.test(line))).toBe(true);
  const firstCheck = await check('first');
  expect(firstCheck).toMatchObject({ current: true, record: RECORD });

  const again = await applyText(manifest('first'), 'first');
  expect(new Set(again.objects.map(({ action }) => action))).toEqual(new Set(['unchanged']));
  expect(await readRecord({ cluster: testCluster(), inventoryNamespace: 'first', kind: 'apply' }))
    .toMatchObject({ ...RECORD, fingerprint: firstCheck.current && firstCheck.record.fingerprint });

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
  expect(await checkRecord({ ...other, maxAgeMs: -1 })).toMatchObject({ current: false });
  expect(await checkRecord({ ...other, environment: 'other' })).toEqual({
    current: false,
    reason: 'the inventory is that of first',
  });
});
