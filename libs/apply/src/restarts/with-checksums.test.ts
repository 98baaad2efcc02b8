import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { readManifest } from '../read-manifest.ts';
import { CHECKSUM_ANNOTATION, type Digest, withChecksums } from './with-checksums.ts';

// As careless as a digest may be: it sees one text, without the borders between the parts.
const digest: Digest = (parts) => {
  const hmac = createHmac('sha256', 'key');
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex').slice(0, 16);
};

const DECK = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: prow }
spec:
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
const CONFIG = 'prowjob_namespace: jobs\nsinker: { resync_period: 1m }\n';
const config = (text: string) => object('ConfigMap', 'config', { 'config.yaml': text });
const secret = (name: string, data: Record<string, string>) =>
  object('Secret', name, Object.fromEntries(Object.entries(data).map(([k, v]) => [k, base64(v)])));
const base64 = (text: string) => Buffer.from(text).toString('base64');

function object(kind: string, name: string, data: unknown, field = 'data'): KubernetesObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'prow' }, [field]: data };
}

async function checksumOf(...sources: KubernetesObject[]): Promise<unknown> {
  const [deck] = withChecksums([...(await readManifest(DECK)), ...sources], digest);
  return checksum(deck);
}

function checksum(workload: KubernetesObject | undefined): unknown {
  const spec = workload?.['spec'] as {
    template: { metadata: { annotations?: Record<string, string> } };
  };
  return spec.template.metadata.annotations?.[CHECKSUM_ANNOTATION];
}

const all = (
  changes: { config?: string; oauth?: string; cookie?: string; other?: string } = {},
) => [
  config(changes.config ?? CONFIG),
  secret('oauth', { oauth: changes.oauth ?? 'token' }),
  secret('cookie', {
    secret: changes.cookie ?? 'cookie',
    ...(changes.other === undefined ? {} : { other: changes.other }),
  }),
];

test('what is read at start only changes the pod template, what is reloaded does not', async () => {
  const before = await checksumOf(...all());
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  expect(await checksumOf(...all({ oauth: 'another' }))).toBe(before);
  expect(await checksumOf(...all({ cookie: 'another' }))).not.toBe(before);
  // deck may read any file of a mounted folder, so it is restarted for those that no flag names as well.
  expect(await checksumOf(...all({ other: 'value' }))).not.toBe(before);
});

test('a reloaded file changes it by the parts that are taken at start only', async () => {
  const before = await checksumOf(...all());
  expect(await checksumOf(...all({ config: CONFIG.replace('1m', '2m') }))).toBe(before);
  expect(await checksumOf(...all({ config: `# why\n${CONFIG}` }))).toBe(before);
  expect(await checksumOf(...all({ config: CONFIG.replace('jobs', 'other') }))).not.toBe(before);
  expect(await checksumOf(...all({ config: ': no yaml: [' }))).not.toBe(before);
});

test('the form in which content is written does not count', async () => {
  const [one, two] = [config(CONFIG), secret('oauth', { oauth: 'token' })];
  const plain = object('Secret', 'cookie', { secret: 'cookie' }, 'stringData');
  const before = await checksumOf(...all());
  expect(await checksumOf(one, two, plain)).toBe(before);
  expect(await checksumOf(two, plain, one)).toBe(before);
  const binary = object('ConfigMap', 'config', { 'config.yaml': base64(CONFIG) }, 'binaryData');
  expect(await checksumOf(binary, two, plain)).toBe(before);
});

test('sources that are not among the objects are left out', async () => {
  const [one, two, three] = all();
  expect(await checksumOf()).toBeUndefined();
  expect(await checksumOf(...(two === undefined ? [] : [two]))).toBeUndefined();
  const alone = await checksumOf(...(three === undefined ? [] : [three]));
  expect(alone).toMatch(/^[0-9a-f]{16}$/);
  expect(await checksumOf(...[one, three].filter((each) => each !== undefined))).not.toBe(alone);
  const elsewhere = {
    ...secret('cookie', { secret: 'x' }),
    metadata: { name: 'cookie', namespace: 'jobs' },
  };
  expect(await checksumOf(elsewhere)).toBeUndefined();
});

test('all else is the same object as before, and a second time changes nothing', async () => {
  const objects = [...(await readManifest(DECK)), ...all()];
  const first = withChecksums(objects, digest);
  expect(first.slice(1).every((each, index) => each === objects[index + 1])).toBe(true);
  expect(first[0]).not.toBe(objects[0]);
  expect(JSON.stringify(objects[0])).not.toContain(CHECKSUM_ANNOTATION);
  const second = withChecksums(first, digest);
  expect(second.every((each, index) => each === first[index])).toBe(true);
  const [deck] = first;
  expect(JSON.stringify(deck)).toContain('"labels":{"app":"deck"}');
});

test('no two contents have one checksum: 500 that share their letters', async () => {
  const seen = new Map<unknown, string>();
  for (let index = 0; index < 500; index++) {
    // Digits moved across the borders of keys and values.
    const letters = `a${index.toString(2)}`;
    const cut = 1 + (index % (letters.length - 1));
    const [key, value] = [letters.slice(0, cut), letters.slice(cut)];
    const found = await checksumOf(secret('cookie', { [key]: value, secret: value }));
    expect(seen.get(found) ?? letters).toBe(letters);
    seen.set(found, letters);
  }
});

test('workloads that cannot be restarted are left as they are', async () => {
  const manifest = `
{ apiVersion: batch/v1, kind: Job, metadata: { name: a }, spec: { template: { spec: { containers: [{ envFrom: [{ secretRef: { name: s } }] }] } } } }
---
{ apiVersion: batch/v1, kind: CronJob, metadata: { name: a }, spec: { jobTemplate: { spec: { template: { spec: { containers: [{ envFrom: [{ secretRef: { name: s } }] }] } } } } } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: s }, data: { a: Yg== } }`;
  const objects = await readManifest(manifest);
  const found = withChecksums(objects, digest);
  expect(found.every((each, index) => each === objects[index])).toBe(true);
});
