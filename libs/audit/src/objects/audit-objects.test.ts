import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditObjects } from './audit-objects.ts';

function findings(...yaml: string[]) {
  const objects = parseAllDocuments(yaml.join('\n---\n')).map(
    (document) => document.toJS() as KubernetesObject,
  );
  return auditObjects(objects);
}

const named = (apiVersion: string, kind: string, rest = '') =>
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: a ${rest} } }`;
const container = (...args: string[]) => `{ apiVersion: apps/v1, kind: Deployment,
  metadata: { name: a, namespace: n }, spec: { template: { spec: { containers: [
  { name: hook, args: ${JSON.stringify(args)} }] } } } }`;

describe('objects without a namespace', () => {
  const definition = (scope: string) => `{ apiVersion: apiextensions.k8s.io/v1,
    kind: CustomResourceDefinition, metadata: { name: jobs.x.io },
    spec: { group: x.io, scope: ${scope}, names: { kind: Job } } }`;

  test.each([
    ['a RoleBinding', named('rbac.authorization.k8s.io/v1', 'RoleBinding')],
    [
      'a RoleBinding of a removed version',
      named('rbac.authorization.k8s.io/v1beta1', 'RoleBinding'),
    ],
    ['a Deployment', named('apps/v1', 'Deployment')],
    ['an Ingress of old', named('extensions/v1beta1', 'Ingress')],
    ['an empty namespace', named('v1', 'ConfigMap', ", namespace: ''")],
    ['a custom resource that its definition calls namespaced', named('x.io/v1', 'Job')],
  ])('%s', (_, yaml) => {
    expect(findings(yaml, definition('Namespaced')).map(({ code }) => code)).toEqual([
      'no-namespace',
    ]);
  });

  test.each([
    ['with one', named('v1', 'ConfigMap', ', namespace: n')],
    ['a ClusterRole needs none', named('rbac.authorization.k8s.io/v1', 'ClusterRole')],
    ['a StorageClass needs none', named('storage.k8s.io/v1', 'StorageClass')],
    ['a custom resource that its definition calls cluster-scoped', named('x.io/v1', 'Job')],
    ['a custom resource without a definition', named('y.io/v1', 'Job')],
  ])('not: %s', (_, yaml) => {
    expect(findings(yaml, definition('Cluster'))).toEqual([]);
  });
});

describe('images', () => {
  const found = (image: string) =>
    findings(`{ apiVersion: batch/v1, kind: CronJob, metadata: { name: a, namespace: n },
      spec: { jobTemplate: { spec: { template: { spec: { containers: [
      { name: hook, image: ${JSON.stringify(image)} }] } } } } } }`);

  test.each(['hook', 'registry.example:5000/prow/hook', 'registry.example/prow/hook:'])(
    'without a tag: %s',
    (image) => {
      const [untagged, ...others] = found(image);
      expect(others).toEqual([]);
      expect(untagged).toMatchObject({
        code: 'image-untagged',
        severity: 'warning',
        object: 'CronJob n/a',
      });
      expect(untagged?.message).toContain(`container hook from ${image},`);
    },
  );

  test.each(['hook:v1', 'registry.example:5000/hook:latest', 'hook@sha256:00'])(
    'not: %s',
    (image) => {
      expect(found(image)).toEqual([]);
    },
  );
});

describe('arguments', () => {
  const codes = (...args: string[]) => findings(container(...args)).map(({ code }) => code);

  test.each([
    ['the same flag and value', ['--a=1', '--b=1', '--a=1']],
    ['a flag alone', ['--confirm', '--confirm']],
    ['with the value apart', ['--a', '1', '--a', '1']],
    ['with one dash and with two', ['-config=x', '--config=x']],
    ['true and false', ['--dry-run=true', '--dry-run=false']],
    ['alone and false', ['--dry-run', '--dry-run=false']],
  ])('twice: %s', (_, args) => {
    expect(codes(...args)).toEqual(['duplicate-argument']);
  });

  test.each([
    ['a list', ['--github-endpoint=http://ghproxy', '--github-endpoint=https://api.github.com']],
    ['a list with values apart', ['--label', 'a', '--label', 'b']],
    ['a count', ['-v', '-v']],
    ['positional ones', ['a', 'a']],
    ['of two programs', ['--a=1', '--', 'tool', '--a=1']],
    ['of a script', ['echo --a=1; echo --a=1']],
  ])('not: %s', (_, args) => {
    expect(codes(...args)).toEqual([]);
  });

  test('the message names the container and the argument, but no secret', () => {
    expect(findings(container('--a=1', '--a=1'))[0]).toEqual({
      code: 'duplicate-argument',
      severity: 'warning',
      object: 'Deployment n/a',
      message: 'Deployment n/a gives container hook the argument --a=1 twice. Remove one of them.',
    });
    const [secret] = findings(container('--token=hunter2', '--token=hunter2'));
    expect(secret?.message).not.toContain('hunter2');
  });
});

test('an identity that is there twice is found once, whatever the version', () => {
  const role = 'rbac.authorization.k8s.io';
  const found = findings(
    named(`${role}/v1`, 'Role', ', namespace: n'),
    named(`${role}/v1beta1`, 'Role', ', namespace: n'),
    named(`${role}/v1`, 'Role', ', namespace: m'),
    named('x.io/v1', 'Role', ', namespace: n'),
  );
  expect(found.map(({ code, object }) => `${code} ${object ?? ''}`)).toEqual([
    'duplicate-object Role n/a',
  ]);
});

describe('objects that no render can own', () => {
  const service = (selector: string) =>
    `{ apiVersion: v1, kind: Service, metadata: { name: a, namespace: n }, spec: { selector: ${selector} } }`;
  const owned = ", namespace: n, ownerReferences: [{ kind: ReplicaSet, name: r, uid: '1' }]";
  const slice = ', namespace: n, labels: { kubernetes.io/service-name: a }';

  test.each([
    ['a Node', [named('v1', 'Node')]],
    ['an Event', [named('v1', 'Event', ', namespace: n')]],
    ['a Pod with an owner', [named('v1', 'Pod', owned)]],
    [
      'Endpoints of a Service with a selector',
      [service('{ a: b }'), named('v1', 'Endpoints', ', namespace: n')],
    ],
    [
      'an EndpointSlice of such a Service',
      [service('{ a: b }'), named('discovery.k8s.io/v1', 'EndpointSlice', slice)],
    ],
  ])('%s', (_, yaml) => {
    expect(findings(...yaml).map(({ code }) => code)).toEqual(['unownable-object']);
  });

  test.each([
    ['a Pod', [named('v1', 'Pod', ', namespace: n')]],
    [
      'Endpoints of a Service without a selector',
      [service('{}'), named('v1', 'Endpoints', ', namespace: n')],
    ],
    ['a custom resource that is called Node', [named('x.io/v1', 'Node')]],
  ])('not: %s', (_, yaml) => {
    expect(findings(...yaml)).toEqual([]);
  });

  test('the origin of the object is in the finding', () => {
    const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } };
    const [found] = auditObjects([object], { origin: () => ({ file: 'nodes.yaml', line: 7 }) });
    expect(found).toMatchObject({ file: 'nodes.yaml', line: 7, object: 'Node a' });
  });
});
