import { APPLY_PATCH } from '@prow-deploy/cluster';
import { createHmac } from 'node:crypto';
import { useTestCluster } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { apiPath } from '../api-path.ts';
import { FIELD_MANAGER } from '../field-manager.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { readManifest } from '../read-manifest.ts';
import { resolve } from '../resolve.ts';
import { status } from '../status/status.ts';
import { withChecksums } from './with-checksums.ts';

const testCluster = useTestCluster('restarts');

const manifest = (values: { cookie: string; oauth: string; namespace: string }) => `
apiVersion: v1
kind: Namespace
metadata: { name: prow }
---
apiVersion: v1
kind: Secret
metadata: { name: cookie, namespace: prow }
stringData: { secret: ${values.cookie} }
---
apiVersion: v1
kind: Secret
metadata: { name: oauth, namespace: prow }
stringData: { oauth: ${values.oauth} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: prow }
data:
  config.yaml: |
    prowjob_namespace: ${values.namespace}
    # ${values.oauth}
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: prow }
spec:
  replicas: 1
  selector: { matchLabels: { app: deck } }
  template:
    metadata: { labels: { app: deck } }
    spec:
      volumes:
        - { name: config, configMap: { name: config } }
        - { name: oauth, secret: { secretName: oauth } }
        - { name: cookie, secret: { secretName: cookie } }
      containers:
        - name: deck
          image: us-docker.pkg.dev/k8s-infra-prow/images/deck:v20240619-cfb8754e0
          args:
            - --config-path=/etc/config/config.yaml
            - --github-token-path=/etc/github/oauth
            - --cookie-secret=/etc/cookie/secret
          volumeMounts:
            - { name: config, mountPath: /etc/config }
            - { name: oauth, mountPath: /etc/github }
            - { name: cookie, mountPath: /etc/cookie }
`;

test('pods are replaced for what they do not reload, and for nothing else', async () => {
  const values = { cookie: 'one', oauth: 'one', namespace: 'jobs' };
  const first = await podsAfter(values);
  expect(first).toHaveLength(1);
  expect(await podsAfter({ ...values, oauth: 'two' })).toEqual(first);
  const second = await podsAfter({ ...values, cookie: 'two' });
  expect(second).toHaveLength(1);
  expect(second).not.toEqual(first);
  const third = await podsAfter({ ...values, cookie: 'two', namespace: 'other' });
  expect(third).not.toEqual(second);
  expect(await podsAfter({ ...values, cookie: 'two', namespace: 'other' })).toEqual(third);
}, 240_000);

// The uids of the pods, once the Deployment has settled.
async function podsAfter(values: Parameters<typeof manifest>[0]): Promise<unknown[]> {
  const objects = withChecksums(await readManifest(manifest(values)), (parts) => {
    const hmac = createHmac('sha256', 'key of this machine');
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  });
  const { resolved } = resolve(objects, await testCluster().resources());
  for (const { entry, object } of resolved) {
    await testCluster().request({
      method: 'PATCH',
      path: apiPath(entry, entry),
      query: { fieldManager: FIELD_MANAGER },
      body: object,
      contentType: APPLY_PATCH,
    });
  }
  const deadline = Date.now() + 60_000;
  for (;;) {
    const deck = await read('/apis/apps/v1/namespaces/prow/deployments/deck');
    const { items } = await read('/api/v1/namespaces/prow/pods');
    const pods = items as KubernetesObject[];
    const going = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    if (status(deck).status === 'Current' && going.length === 0) {
      return pods.map(({ metadata }) => metadata.uid);
    }
    if (Date.now() > deadline) throw new Error(status(deck).reason);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

async function read(path: string): Promise<KubernetesObject> {
  return (await testCluster().request({ path })).body as KubernetesObject;
}
