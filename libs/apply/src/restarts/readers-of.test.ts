import { expect, test } from 'vitest';
import { describe as name } from '../object-reference.ts';
import { readManifest } from '../read-manifest.ts';
import type { Reader } from './reader.ts';
import { readersOf } from './readers-of.ts';

const DECK = 'us-docker.pkg.dev/k8s-infra-prow/images/deck:v20240619-cfb8754e0';

/** A Deployment of one container `main`, with the fields of its pod as YAML flow. */
function deployment(pod: string, spec = ''): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: a, namespace: prow }
spec:
  ${spec}
  template:
    spec: ${pod}`;
}

const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: config, namespace: prow }
data: { config.yaml: a, other.yaml: b }`;

const cases: [title: string, manifest: string, expected: string[]][] = [
  [
    'a file that its program polls, and the others of the volume',
    `${deployment(`{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: ${DECK}, args: [--plugin-config=/etc/config/config.yaml], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`)}\n---${CONFIG}`,
    [
      'config config.yaml by volume reloads: deck reads --plugin-config every minute',
      'config all but config.yaml by volume restarts: deck is not known to reload it',
    ],
  ],
  [
    'a folder that its program polls, whichever files come to it',
    `${deployment(`{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: ${DECK}, args: [--supplemental-plugin-config-dir, /etc/config/], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`)}\n---${CONFIG}`,
    ['config all by volume reloads: deck reads --supplemental-plugin-config-dir every minute'],
  ],
  [
    'a folder above the mounts',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: ${DECK}, args: [--supplemental-plugin-config-dir=/etc], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`,
    ),
    ['config all by volume reloads: deck reads --supplemental-plugin-config-dir every minute'],
  ],
  [
    'parts of a polled file that are taken at start',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: k8s-prow/exporter, args: [--config-path=/etc/config/config.yaml], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`,
    ),
    [
      'config config.yaml by volume reloads: exporter polls --config-path every second',
      'config prowjob_namespace, push_gateway of config.yaml by volume restarts: exporter takes prowjob_namespace, push_gateway from it at start only',
    ],
  ],
  [
    'a file that is polled and read by an unknown flag too',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: ${DECK}, args: [--plugin-config=/etc/config/config.yaml, --x=/etc/config/config.yaml], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`,
    ),
    ['config config.yaml by volume restarts: deck is not known to reload --x'],
  ],
  [
    'a flag with a variable of the container in it',
    deployment(
      `{ volumes: [{ name: v, secret: { secretName: token } }], containers: [{ name: main, image: ${DECK}, env: [{ name: DIR, value: /etc/github }], args: [--github-token-path=$(DIR)/oauth], volumeMounts: [{ name: v, mountPath: /etc/github }] }] }`,
    ),
    ['token oauth by volume reloads: deck polls --github-token-path every second'],
  ],
  [
    'a flag that is not given has its default',
    deployment(
      `{ volumes: [{ name: v, secret: { secretName: hmac } }], containers: [{ name: main, image: k8s-prow/hook, volumeMounts: [{ name: v, mountPath: /etc/webhook }] }] }`,
    ),
    ['hmac hmac by volume reloads: hook polls --hmac-secret-file every second'],
  ],
  [
    'a flag that is given has its default no more',
    deployment(
      `{ volumes: [{ name: v, secret: { secretName: hmac } }], containers: [{ name: main, image: k8s-prow/hook, args: [--hmac-secret-file=/else], volumeMounts: [{ name: v, mountPath: /etc/webhook }] }] }`,
    ),
    ['hmac all by volume restarts: hook is not known to reload it'],
  ],
  [
    'a mount that the program is known not to read',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: plugins } }], containers: [{ name: main, image: k8s-prow/cherrypicker, volumeMounts: [{ name: v, mountPath: /etc/plugins/ }] }] }`,
    ),
    [],
  ],
  [
    'a program of the same name from elsewhere',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: example.org/deck, args: [--plugin-config=/etc/config/config.yaml], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`,
    ),
    ['config config.yaml by volume restarts: deck is not known to reload --plugin-config'],
  ],
  [
    'another program of the same image',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: ${DECK}, command: [/bin/sh, -c, 'deck --plugin-config=/etc/config/config.yaml'], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`,
    ),
    ['config all by volume restarts: sh is not known to reload it'],
  ],
  [
    'the same program, started by its command',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }], containers: [{ name: main, image: "localhost:5000/k8s-prow/deck@sha256:1", command: [/ko-app/deck, --plugin-config=/etc/config/config.yaml], volumeMounts: [{ name: v, mountPath: /etc/config }] }] }`,
    ),
    ['config config.yaml by volume reloads: deck reads --plugin-config every minute'],
  ],
  [
    'files under other names',
    deployment(
      `{ volumes: [{ name: v, secret: { secretName: s, items: [{ key: one, path: github/oauth }, { key: two, path: cookie }] } }], containers: [{ name: main, image: ${DECK}, args: [--github-token-path=/etc/s/github/oauth, --cookie-secret=/etc/s/cookie], volumeMounts: [{ name: v, mountPath: /etc/s }] }] }`,
    ),
    [
      's one by volume reloads: deck polls --github-token-path every second',
      's two by volume restarts: deck reads --cookie-secret at start only',
    ],
  ],
  [
    'several sources in one folder',
    deployment(
      `{ volumes: [{ name: v, projected: { sources: [{ secret: { name: s, items: [{ key: k, path: oauth }] } }, { configMap: { name: c } }, { serviceAccountToken: { path: t } }] } }], containers: [{ name: main, image: ${DECK}, args: [--github-token-path=/etc/s/oauth], volumeMounts: [{ name: v, mountPath: /etc/s }] }] }`,
    ),
    [
      's k by volume reloads: deck polls --github-token-path every second',
      'c oauth by volume reloads: deck polls --github-token-path every second',
    ],
  ],
  [
    'subPath, of one key, of a chosen one, of all',
    deployment(
      `{ volumes: [{ name: v, configMap: { name: config } }, { name: w, secret: { secretName: s, items: [{ key: k, path: d/f }, { key: l, path: e }] } }], containers: [{ name: main, image: ${DECK}, args: [--plugin-config=/etc/plugins.yaml], volumeMounts: [{ name: v, mountPath: /etc/plugins.yaml, subPath: config.yaml }, { name: w, mountPath: /w, subPath: d }, { name: w, mountPath: /x, subPath: none }, { name: v, mountPath: /y, subPathExpr: $(POD) }] }] }`,
    ),
    [
      'config config.yaml by subPath restarts: what is mounted by subPath is never updated',
      's k by subPath restarts: what is mounted by subPath is never updated',
      'config all by subPath restarts: what is mounted by subPath is never updated',
    ],
  ],
  [
    'variables',
    deployment(
      `{ containers: [{ name: main, image: ${DECK}, envFrom: [{ configMapRef: { name: c }, prefix: A }, { secretRef: { name: s } }], env: [{ name: A, valueFrom: { configMapKeyRef: { name: c, key: k } } }, { name: B, valueFrom: { secretKeyRef: { name: s, key: l, optional: true } } }, { name: C, valueFrom: { fieldRef: { fieldPath: metadata.name } } }] }] }`,
    ),
    [
      'c all by env restarts: variables are set at start only',
      's all by env restarts: variables are set at start only',
      'c k by env restarts: variables are set at start only',
      's l by env restarts: variables are set at start only',
    ],
  ],
  [
    'init containers, but for those that stay',
    deployment(
      `{ volumes: [{ name: v, secret: { secretName: s } }], initContainers: [{ name: first, image: ${DECK}, args: [--github-token-path=/s/oauth], volumeMounts: [{ name: v, mountPath: /s }] }, { name: side, restartPolicy: Always, image: ${DECK}, args: [--github-token-path=/s/oauth], volumeMounts: [{ name: v, mountPath: /s }] }], containers: [] }`,
    ),
    [
      's all by volume restarts: init container first reads it at start only',
      's oauth by volume reloads: deck polls --github-token-path every second',
    ],
  ],
  [
    'Secrets with which volumes are mounted',
    deployment(
      `{ volumes: [{ name: v, csi: { driver: d, nodePublishSecretRef: { name: a } } }, { name: w, flexVolume: { driver: d, secretRef: { name: b } } }, { name: x, azureFile: { shareName: s, secretName: c } }, { name: y, ephemeral: { volumeClaimTemplate: { spec: {} } } }], containers: [] }`,
    ),
    [
      'a all by volume restarts: volume v is mounted with it at start',
      'b all by volume restarts: volume w is mounted with it at start',
      'c all by volume restarts: volume x is mounted with it at start',
    ],
  ],
  [
    'nothing of what only pulls images, or is mounted nowhere',
    deployment(
      '{ imagePullSecrets: [{ name: s }], volumes: [{ name: v, secret: { secretName: t } }], containers: [{ name: main, image: a, volumeMounts: [{ name: absent, mountPath: /x }] }] }',
    ),
    [],
  ],
  [
    'two containers that read the same in the same way, once',
    deployment(
      '{ containers: [{ name: one, image: a, envFrom: [{ secretRef: { name: s } }] }, { name: two, image: b, envFrom: [{ secretRef: { name: s } }] }] }',
    ),
    ['s all by env restarts: variables are set at start only'],
  ],
];

test.each(cases)('%s', async (_title, manifest, expected) => {
  expect(readersOf(await readManifest(manifest)).map(show)).toEqual(expected);
});

const POD = '{ containers: [{ name: main, image: a, envFrom: [{ secretRef: { name: s } }] }] }';
const kept = 'variables are set at start only, and';
const workloads: [kind: string, spec: string, expected: string][] = [
  [
    'apps/v1 Deployment',
    `{ template: { spec: ${POD} } }`,
    'restarts: variables are set at start only',
  ],
  [
    'apps/v1 Deployment',
    `{ paused: true, template: { spec: ${POD} } }`,
    `stale: ${kept} the Deployment is paused`,
  ],
  [
    'apps/v1 StatefulSet',
    `{ template: { spec: ${POD} } }`,
    'restarts: variables are set at start only',
  ],
  [
    'apps/v1 StatefulSet',
    `{ updateStrategy: { type: OnDelete }, template: { spec: ${POD} } }`,
    `stale: ${kept} its pods are replaced only when somebody deletes them`,
  ],
  [
    'apps/v1 StatefulSet',
    `{ replicas: 3, updateStrategy: { rollingUpdate: { partition: 3 } }, template: { spec: ${POD} } }`,
    `stale: ${kept} its partition keeps all of its pods`,
  ],
  [
    'apps/v1 StatefulSet',
    `{ replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } }, template: { spec: ${POD} } }`,
    'restarts: variables are set at start only',
  ],
  [
    'apps/v1 DaemonSet',
    `{ template: { spec: ${POD} } }`,
    'restarts: variables are set at start only',
  ],
  [
    'apps/v1 DaemonSet',
    `{ updateStrategy: { type: OnDelete }, template: { spec: ${POD} } }`,
    `stale: ${kept} its pods are replaced only when somebody deletes them`,
  ],
  [
    'apps/v1 ReplicaSet',
    `{ template: { spec: ${POD} } }`,
    `stale: ${kept} a ReplicaSet keeps the pods that it has`,
  ],
  [
    'v1 ReplicationController',
    `{ template: { spec: ${POD} } }`,
    `stale: ${kept} a ReplicationController keeps the pods that it has`,
  ],
  [
    'batch/v1 Job',
    `{ template: { spec: ${POD} } }`,
    `stale: ${kept} a Job goes on with what it started with`,
  ],
  [
    'batch/v1 CronJob',
    `{ jobTemplate: { spec: { template: { spec: ${POD} } } } }`,
    'reloads: its next run reads it anew',
  ],
  ['v1 Pod', POD, `stale: ${kept} nothing replaces a Pod of its own`],
];

test.each(workloads)('%s %s', async (kind, spec, expected) => {
  const [apiVersion = '', named = ''] = kind.split(' ');
  const manifest = `{ apiVersion: ${apiVersion}, kind: ${named}, metadata: { name: a, namespace: prow }, spec: ${spec} }`;
  const readers = readersOf(await readManifest(manifest));
  expect(readers.map(({ onChange, because }) => `${onChange}: ${because}`)).toEqual([expected]);
});

test('a reader says which workload, and which object of its namespace', async () => {
  const [reader] = readersOf(await readManifest(deployment(POD)));
  expect(reader).toMatchObject({
    workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prow', name: 'a' },
    source: { apiVersion: 'v1', kind: 'Secret', namespace: 'prow', name: 's' },
  });
});

test('objects that make no pods, and damaged ones, read nothing', async () => {
  expect(readersOf(await readManifest(CONFIG))).toEqual([]);
  for (const damage of [
    '{}',
    '[]',
    'null',
    '{ template: [] }',
    '{ template: { spec: { containers: 5, volumes: [7] } } }',
  ]) {
    const manifest = `{ apiVersion: apps/v1, kind: Deployment, metadata: { name: a }, spec: ${damage} }`;
    expect(readersOf(await readManifest(manifest)), damage).toEqual([]);
  }
});

function show({ source, keys, except, parts, via, onChange, because }: Reader): string {
  const which = keys?.join(', ') ?? `all${except === undefined ? '' : ` but ${except.join(', ')}`}`;
  const of = parts === undefined ? which : `${parts.join(', ')} of ${which}`;
  return `${name({ ...source, kind: '' })
    .trim()
    .replace('prow/', '')} ${of} by ${via} ${onChange}: ${because}`;
}
