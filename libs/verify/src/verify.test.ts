import { useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { formatVerifyReport } from './format-verify-report.ts';
import { applyText, checkVerified, readManifest, RECORD } from './testing/apply-text.ts';
import { verify, type VerifyOptions } from './verify.ts';

const testCluster = useTestCluster('verify');

const manifest = (prow: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${prow} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: ${prow} }
spec:
  replicas: 1
  selector: { matchLabels: { app: deck } }
  template:
    metadata: { labels: { app: deck } }
    spec: { containers: [{ name: deck, image: deck, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: deck, namespace: ${prow} }
spec: { selector: { app: deck }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Secret
metadata: { name: hmac-token, namespace: ${prow} }
stringData: { hmac: opensesame }
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
`;

async function verifyText(prow: string, text: string, options: Partial<VerifyOptions> = {}) {
  return verify({
    cluster: testCluster(),
    environment: prow,
    inventoryNamespace: prow,
    objects: await readManifest(text),
    timeoutMs: 1000,
    ...options,
  });
}

async function edit(path: string, body: unknown) {
  const query = { fieldManager: 'kubectl-edit' };
  const contentType = 'application/merge-patch+json';
  await testCluster().request({ method: 'PATCH', path, query, body, contentType });
}

test('what was applied passes, the cluster remembers it, and what simulated pods cannot show is said', async () => {
  const text = manifest('whole');
  expect(await applyText(testCluster(), 'whole', text)).toMatchObject({ outcome: 'applied' });
  const report = await verifyText('whole', text, { record: RECORD });
  expect(formatVerifyReport(report)).toEqual([
    expect.stringMatching(/^Verified whole after \d+\.\d s\.$/),
    'Passed (13): 5 as-applied, 5 settled, 1 endpoints, 2 active.',
    'Not checked (3):',
    ...[
      'containers start, become ready and stay up',
      'each component says that it is well, by its own endpoint',
      'the metrics ports answer',
    ].map((what) => `  ${what} (pods are simulated: no container runs)`),
  ]);
  expect(report).toMatchObject({ outcome: 'passed', failed: [], record: RECORD });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(await checkVerified(testCluster(), 'whole')).toMatchObject({ current: true });

  await edit('/apis/apps/v1/namespaces/whole/deployments/deck', { spec: { replicas: 2 } });
  expect(await checkVerified(testCluster(), 'whole')).toEqual({
    current: false,
    reason: 'Deployment whole/deck was changed',
  });
});

test('what was changed, deleted or stopped since is named, without values', async () => {
  const text = manifest('broken');
  await applyText(testCluster(), 'broken', text);
  const cluster = testCluster();
  await edit('/api/v1/namespaces/broken/secrets/hmac-token', {
    data: { hmac: btoa('othervalue') },
  });
  await edit('/apis/batch/v1/namespaces/broken/cronjobs/label-sync', { spec: { suspend: true } });
  await edit('/apis/apps/v1/namespaces/broken/deployments/deck', {
    spec: {
      template: { spec: { nodeSelector: { type: 'none' } } },
      strategy: { type: 'Recreate', rollingUpdate: null },
    },
  });
  const report = await verifyText('broken', text, { record: RECORD });
  expect(report.outcome).toBe('failed');
  expect(report.record).toBeUndefined();
  const failed = Object.fromEntries(
    report.failed.map(({ check, object, reason }) => [`${check} ${object}`, reason]),
  );
  expect(failed).toMatchObject({
    'settled Deployment broken/deck': expect.stringMatching(
      /^0 of 1 available; pod deck-\S+: 0\/1 nodes/,
    ) as string,
    'endpoints Service broken/deck': 'no pod that it selects is ready',
    'active CronJob broken/label-sync': 'it is suspended, and the manifest does not say so',
    'as-applied Secret broken/hmac-token': 'kubectl-edit holds .data.hmac',
  });
  expect(JSON.stringify(report)).not.toContain('opensesame');
  expect(JSON.stringify(report)).not.toContain(btoa('opensesame'));
  expect(formatVerifyReport(report)[0]).toMatch(
    /^Cannot verify broken: 4 checks failed after \d+\.\d s\.$/,
  );

  await cluster.request({ method: 'DELETE', path: '/api/v1/namespaces/broken/services/deck' });
  const again = await verifyText('broken', text);
  expect(again.failed).toContainEqual({
    check: 'as-applied',
    object: 'Service broken/deck',
    reason: 'it is not in the cluster',
  });
});

test('a manifest that is not the applied one differs, field by field', async () => {
  const text = manifest('newer');
  await applyText(testCluster(), 'newer', text);
  const newer = text
    .replace('image: deck,', 'image: desk, workingDir: /,')
    .replace('schedule: "0 0 1 1 *"', 'schedule: "0 0 2 1 *"');
  const report = await verifyText('newer', newer);
  expect(report.failed).toEqual([
    {
      check: 'as-applied',
      object: 'Deployment newer/deck',
      reason:
        '.spec.template.spec.containers[name="deck"].image, .spec.template.spec.containers[name="deck"].workingDir differ',
    },
    { check: 'as-applied', object: 'CronJob newer/label-sync', reason: '.spec.schedule differs' },
  ]);
});

test('a Service that selects no pod, or a port that its pods do not have, fails', async () => {
  const text = `${manifest('unserved')}
---
apiVersion: v1
kind: Service
metadata: { name: nobody, namespace: unserved }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: portless, namespace: unserved }
spec: { selector: { app: deck }, ports: [{ name: metrics, port: 80, targetPort: metrics }] }
`;
  await applyText(testCluster(), 'unserved', text);
  const report = await verifyText('unserved', text);
  expect(report.failed).toEqual([
    {
      check: 'endpoints',
      object: 'Service unserved/nobody',
      reason: 'no pod that it selects is ready',
    },
    {
      check: 'endpoints',
      object: 'Service unserved/portless',
      reason: 'its pods have no port for metrics',
    },
  ]);
});

test('an environment of which nothing was applied, or another, cannot be verified', async () => {
  const text = manifest('nothing');
  await expect(verifyText('nothing', text)).rejects.toThrow(
    'Cannot verify nothing: there is no inventory in namespace nothing. Apply first.',
  );
  await applyText(testCluster(), 'nothing', text);
  await expect(verifyText('something', text, { inventoryNamespace: 'nothing' })).rejects.toThrow(
    'Cannot verify something: the inventory in namespace nothing is that of nothing.',
  );
});

test('an interrupted verification says so, and is not remembered', async () => {
  const text = manifest('interrupted');
  await applyText(testCluster(), 'interrupted', text);
  const controller = new AbortController();
  const report = await verifyText('interrupted', text, {
    record: RECORD,
    signal: controller.signal,
    onProgress: () => {
      controller.abort();
    },
  });
  expect(report.outcome).toBe('aborted');
  expect(await checkVerified(testCluster(), 'interrupted')).toMatchObject({ current: false });
});
