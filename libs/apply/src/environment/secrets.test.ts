import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { copySecrets } from '@prow-deploy/secrets';
import { useTestCluster } from '@prow-deploy/testing';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { apply } from '../apply.ts';
import { diffManifest } from '../diff-manifest.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { describe as referenceText, identify } from '../object-reference.ts';
import { formatPlan } from '../plan/format-plan.ts';
import { readManifest } from '../read-manifest.ts';
import { createTestEnvironment, type TestEnvironment } from '../testing/test-environment.ts';
import { readEnvironmentObjects } from './read-environment-objects.ts';

const testCluster = useTestCluster('secrets');
const BINARY = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const VALUES = {
  'hmac/hmac': 'd4c1e07b2a958f366ce17a04b9f25d8371ab6ec0',
  'cookie/secret': 'b3Blbi1zZXNhbWUtb3Blbi1zZXNhbWUtb3Blbi0zMiE=',
  'robot/env': 'username=robot\npassword=pass=word-of-the-robot\n',
  'pull/config.json':
    '{"auths":{"quay.io":{"username":"robot","password":"a long password that makes base64 longer than one line"}}}',
  'key/key.bin': BINARY,
  'late/token': 'a-token',
};
const SHAPE = `
hmac/hmac: { description: d, readBy: [hook], format: hmac, generate: x }
cookie/secret: { description: d, readBy: [deck], format: base64, bytes: 32, generate: x }
robot/env: { description: d, readBy: [jobs], format: env, generate: x }
pull/config.json: { description: d, readBy: [kubelet], format: dockerconfigjson, generate: x }
key/key.bin: { description: d, readBy: [jobs], format: binary, generate: x }
late/token: { description: d, readBy: [jobs], format: token, generate: x }
`;
const KUSTOMIZATION = `
namespace: prow
resources: [../../kustom-base, objects.yaml]
secretGenerator:
  - { name: hmac, files: [secrets/hmac/hmac] }
  - { name: cookie, files: [secrets/cookie/secret], options: { disableNameSuffixHash: true } }
  - { name: robot, envs: [secrets/robot/env] }
  - name: pull
    type: kubernetes.io/dockerconfigjson
    files: [.dockerconfigjson=secrets/pull/config.json]
  - { name: key, files: [key=secrets/key/key.bin] }
  - { name: late, files: [secrets/late/token], options: { disableNameSuffixHash: true } }
  - name: mixed
    files: [secrets/key/key.bin, public.txt]
    literals: [plain=in-git, "quoted='too'"]
`;
const BASE = `
secretGenerator:
  - { name: of-the-base, literals: ["user=of-the-base"], files: [note=note.txt] }
resources: [n.yaml]
`;
const workload = (name: string, secrets: string[], args: string[]) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      imagePullSecrets: [{ name: pull }]
      volumes: [${secrets.map((secret) => `{ name: ${secret}, secret: { secretName: ${secret} } }`).join(', ')}]
      containers:
        - name: ${name}
          image: us-docker.pkg.dev/k8s-infra-prow/images/${name}:v20240619-cfb8754e0
          args: [${args.join(', ')}]
          volumeMounts: [${secrets.map((secret) => `{ name: ${secret}, mountPath: /etc/${secret} }`).join(', ')}]
---`;
const OBJECTS =
  workload('deck', ['cookie'], ['--cookie-secret=/etc/cookie/secret']) +
  workload('hook', ['hmac', 'mixed'], ['--hmac-secret-file=/etc/hmac/hmac']) +
  workload('tide', ['robot', 'of-the-base'], []);

let place: TestEnvironment;
let kustomize: string;
beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);
beforeEach(async () => {
  place = await createTestEnvironment('a');
  vi.stubEnv('XDG_STATE_HOME', join(place.environment.workspaceRoot, 'state'));
  vi.stubEnv('PROW_DEPLOY_SECRETS', `${place.environment.workspaceRoot}-source`);
  await place.write('kustom-base/secrets-boilerplate/shape.yaml', SHAPE);
  for (const path of Object.keys(VALUES))
    await place.write(
      `kustom-base/secrets-boilerplate/${path}`,
      path === 'robot/env' ? 'username=<<FILL: a>>\npassword=<<FILL: b>>\n' : '<<FILL: it>>',
    );
  await place.write('kustom-base/kustomization.yaml', BASE);
  await place.write('kustom-base/note.txt', 'a note in git');
  await place.write(
    'kustom-base/n.yaml',
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: prow }\n',
  );
  await place.write('environments/a/kustomization.yaml', KUSTOMIZATION);
  await place.write('environments/a/objects.yaml', OBJECTS);
  await place.write('environments/a/public.txt', 'a file in git');
  for (const [path, bytes] of Object.entries(VALUES)) await rotate(path, bytes);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.remove();
  await rm(`${place.environment.workspaceRoot}-source`, { recursive: true, force: true });
});
afterAll(() =>
  rm(join(place.environment.workspaceRoot, 'state'), { recursive: true, force: true }),
);

const environment = (): Environment => ({ ...place.environment, secrets: { source: 'folder' } });

async function rotate(path: string, bytes: string | Buffer): Promise<void> {
  const file = join(`${place.environment.workspaceRoot}-source`, 'a', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

/** What apply is given: the render, and the objects with the bytes in. */
async function given() {
  const { manifest } = await buildEnvironment(environment(), { kustomize });
  await copySecrets(environment());
  const rendered = { manifest, manifestDigest: manifest.length.toString() };
  const { objects, ...rest } = await readEnvironmentObjects(environment(), rendered);
  return { ...rest, objects: await objects() };
}

const nameOf = (object: KubernetesObject) => referenceText(identify(object));
const bytesOf = ({ data = {} }: { data?: Record<string, string> }) =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('hex')]),
  );
const secretsOf = (objects: readonly object[]) =>
  (objects as (KubernetesObject & { type: string; data: Record<string, string> })[])
    .filter(({ kind }) => kind === 'Secret')
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

describe('secrets, from their source to the cluster', { timeout: 120_000 }, () => {
  test('a render holds no value, is the same with other values, and names where each comes from', async () => {
    const { manifest } = await given();
    expect(
      secretsOf(await readManifest(manifest)).flatMap(({ data }) =>
        Object.values(data).map((value) => Buffer.from(value, 'base64').toString()),
      ),
    ).toEqual(
      expect.arrayContaining([
        '<<SECRET a hmac/hmac>>',
        '<<SECRET a robot/env#username>>',
        '<<SECRET a pull/config.json>>',
        '<<SECRET a ./environments/a/kustomization.yaml:mixed#plain>>',
        '<<SECRET a ./environments/a/public.txt>>',
        '<<SECRET a ./kustom-base/kustomization.yaml:of-the-base#user>>',
      ]),
    );
    for (const secret of secretsOf(await readManifest(manifest)))
      for (const value of Object.values(secret.data))
        expect(Buffer.from(value, 'base64').toString()).toMatch(/^<<SECRET a [^>]+>>$/);
    await rotate('hmac/hmac', 'f3b17c96e02d845ab7c1e95f60d3a2846b9e17cd');
    expect((await given()).manifest).toBe(manifest);
    await rm(join(environment().directory, 'secrets'), { recursive: true });
    expect((await buildEnvironment(environment(), { kustomize })).manifest).toBe(manifest);
  });

  test('kustomize by hand gives exactly the Secrets that apply sends, and the workloads that name them', async () => {
    const { objects } = await given();
    const { stdout } = await execa(kustomize, ['build', environment().directory]);
    const byHand = await readManifest(stdout);
    const inOrder = (list: readonly KubernetesObject[]) =>
      list
        .map((object) =>
          object.kind === 'Secret'
            ? { ...object, data: bytesOf(object as { data?: Record<string, string> }) }
            : object,
        )
        .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    expect(inOrder(objects)).toEqual(inOrder(byHand));

    const cluster = testCluster();
    const base = { cluster, environment: 'a', inventoryNamespace: 'prow' };
    const record = { hash: '1', manifestDigest: '1', secretsDigest: '1' };
    const result = await apply({ ...base, objects, record, settleTimeoutMs: 30_000 });
    expect(result.outcome).toBe('applied');
    for (const secret of secretsOf(byHand)) {
      const path = `/api/v1/namespaces/prow/secrets/${secret.metadata.name}`;
      const { body } = await cluster.request({ path });
      const stored = body as { type: string; data: Record<string, string> };
      expect({ type: stored.type, data: bytesOf(stored) }).toEqual({
        type: secret.type,
        data: bytesOf(secret),
      });
    }
  });

  test('a rotated value is planned for its Secret alone, with a restart of what reads it at start, and not shown', async () => {
    const cluster = testCluster();
    const base = { cluster, environment: 'a', inventoryNamespace: 'prow' };
    const first = await given();
    const record = {
      hash: '1',
      manifestDigest: first.manifestDigest,
      secretsDigest: first.secretsDigest,
    };
    await apply({ ...base, objects: first.objects, record, settleTimeoutMs: 30_000 });
    const rotated = 'cm90YXRlZC1yb3RhdGVkLXJvdGF0ZWQtcm90YXRlIT0=';
    await rotate('cookie/secret', rotated);
    const second = await given();
    expect(second.manifest).toBe(first.manifest);
    expect(second.secretsDigest).not.toBe(first.secretsDigest);
    const { plan } = await diffManifest({
      ...base,
      ...second,
      objects: () => Promise.resolve(second.objects),
    });
    const changed = plan.objects.filter(({ action }) => action !== 'unchanged');
    expect(
      changed.map(({ object, action }) => `${referenceText(object)} ${action}`).sort(),
    ).toEqual(['Deployment prow/deck restart', 'Secret prow/cookie change']);
    const shown = [JSON.stringify(plan), ...formatPlan(plan)].join('\n');
    for (const value of [rotated, VALUES['cookie/secret']])
      for (const form of [
        value,
        Buffer.from(value).toString('base64'),
        Buffer.from(value, 'base64').toString(),
      ])
        expect(shown).not.toContain(form);
  });

  test('a value that a kustomization itself holds is as good as any: changed, it is to be applied', async () => {
    const first = await given();
    await place.write(
      'environments/a/kustomization.yaml',
      KUSTOMIZATION.replace('plain=in-git', 'plain=changed'),
    );
    const second = await given();
    expect(second.manifest).toBe(first.manifest);
    expect(second.secretsDigest).not.toBe(first.secretsDigest);
  });
});
