import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { expected2020, no2020Data } from '../testing/deployment-2020.ts';
import { auditApis } from './audit-apis.ts';

const parse = (yaml: string) =>
  parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
const audit = (yaml: string) => auditApis(parse(yaml), { version: 'v1.36' });
const messages = (yaml: string) => audit(yaml).map(({ message }) => message);
const bare = (apiVersion: string, kind: string) =>
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: x } }`;

describe('An API version and kind', () => {
  it.each([
    ['rbac.authorization.k8s.io/v1beta1', 'Role', 'Use rbac.authorization.k8s.io/v1.'],
    ['batch/v1beta1', 'CronJob', 'Use batch/v1.'],
    ['networking.k8s.io/v1beta1', 'Ingress', 'Use networking.k8s.io/v1.'],
    ['extensions/v1beta1', 'Ingress', 'Use networking.k8s.io/v1.'],
    ['extensions/v1beta1', 'Deployment', 'Use apps/v1.'],
    ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 'Use apiextensions.k8s.io/v1.'],
    ['events.k8s.io/v1beta1', 'Event', 'Use events.k8s.io/v1.'],
    ['policy/v1beta1', 'PodSecurityPolicy', 'No version of it is left'],
    ['apps/v1', 'Deplyment', 'Is it meant to be Deployment?'],
    ['v1', 'Deployment', 'Use apps/v1.'],
    ['app/v1', 'Deployment', 'Use apps/v1.'],
    ['rbnac.authorization.k8s.io/v1', 'Role', 'Use rbac.authorization.k8s.io/v1.'],
    ['v1', 'toString', 'No version of it is left'],
    ['constructor', 'Pod', 'Use v1.'],
  ])('%s %s is not served', (apiVersion, kind, remedy) => {
    const [found, ...more] = audit(bare(apiVersion, kind));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: 'api-not-served', object: `${kind} x` });
    expect(found?.message).toContain(`Kubernetes v1.36 serves no ${apiVersion} ${kind}. `);
    expect(found?.message).toContain(remedy);
  });

  it.each([
    ['apps/v1', 'Deployment'],
    ['v1', 'Namespace'],
    ['monitoring.coreos.com/v1', 'ServiceMonitor'],
    ['snapshot.storage.k8s.io/v1', 'VolumeSnapshot'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['networking.gke.io/v1', 'ManagedCertificate'],
    ['prow.k8s.io/v1', 'ProwJob'],
  ])('%s %s is, or may be', (apiVersion, kind) => {
    expect(audit(bare(apiVersion, kind))).toEqual([]);
  });

  it('of a Kubernetes without data is no result', () => {
    expect(() => auditApis([], { version: 'v1.12' })).toThrow(/known: v1\.36\./);
  });
});

describe('A field', () => {
  it('that an older version had is unknown', () => {
    const yaml = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: x }
spec: { rules: [{ http: { paths: [{ path: /, backend: { serviceName: a, servicePort: 80 } }] } }] }`;
    expect(messages(yaml)).toEqual([
      'spec.rules[0].http.paths[0].backend.serviceName is no field of networking.k8s.io/v1 Ingress in Kubernetes v1.36, so the API server refuses or drops it. Use service, or remove it.',
      'spec.rules[0].http.paths[0].backend.servicePort is no field of networking.k8s.io/v1 Ingress in Kubernetes v1.36, so the API server refuses or drops it. Use service, or remove it.',
    ]);
  });

  it.each([
    [
      'in another case',
      'spec: { template: { spec: { containers: [{ name: a, ImagePullPolicy: x }] } } }',
      'Use imagePullPolicy',
    ],
    [
      'misspelt',
      'spec: { template: { spec: { containers: [{ name: a, imagePulPolicy: x }] } } }',
      'Use imagePullPolicy',
    ],
    ['of the metadata', 'metadata: { name: x, lables: {} }', 'Use labels'],
    ['at the top', 'sepc: {}', 'Use spec'],
    ['at the wrong level', 'spec: { containers: [] }', 'Remove it'],
    ['named like a property of every object', 'spec: { constructor: {} }', 'Remove it'],
  ])('%s is unknown', (_, fields, remedy) => {
    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      ...(parse(`{ ${fields} }`)[0] as object),
    };
    const found = auditApis([object], { version: 'v1.36' });
    expect(found).toMatchObject([
      { code: 'field-unknown', severity: 'error', object: 'Deployment x' },
    ]);
    expect(found[0]?.message).toContain(remedy);
  });

  it('that takes anything is not looked into, nor is one without a value', () => {
    expect(
      audit(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: x, labels: { any: a }, annotations: { any: a }, creationTimestamp: null, managedFields: [{ fieldsV1: { "f:a": {} } }] }
spec:
  selector: { matchLabels: { any: a } }
  template:
    spec:
      nodeSelector: { any: a }
      containers: [{ name: a, resources: { limits: { any/thing: 1 } }, livenessProbe: { httpGet: { port: http } }, env: null }]
status: {}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: x }
data: { any: a }`),
    ).toEqual([]);
  });
});

const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: jobs.example.org }
spec:
  group: example.org
  names: { kind: Job }
  versions:
    - { name: v1alpha1, served: false, schema: {} }
    - name: v1
      served: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                name: { type: string }
                steps: { type: array, items: { type: object, properties: { run: { type: string } } } }
                env: { type: object, additionalProperties: { type: object, properties: { value: { type: string } } } }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true, properties: { known: { type: object, properties: { a: {} } } } }
                pod: { type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true }
                map: { type: object, additionalProperties: true }
`;
const custom = (spec: string, version = 'v1') =>
  `${DEFINITION}---\n{ apiVersion: example.org/${version}, kind: Job, metadata: { name: x, labels: { a: b } }, spec: ${spec} }`;

describe('A custom resource', () => {
  it('of a definition in the list has the fields of its schema', () => {
    expect(
      audit(
        custom(
          '{ name: a, steps: [{ run: x }], env: { A: { value: b } }, free: { x: { y: 1 }, known: { a: 1 } }, pod: { apiVersion: v1, kind: Pod, metadata: { name: p }, spec: { z: 1 } }, map: { a: { b: c } } }',
        ),
      ),
    ).toEqual([]);
  });

  it.each([
    [
      '{ nam: a }',
      'spec.nam is no field of Job by CustomResourceDefinition jobs.example.org, so the API server refuses or drops it. Use name, or remove it.',
    ],
    ['{ steps: [{}, { rum: x }] }', 'spec.steps[1].rum'],
    ['{ env: { A: { val: b } } }', 'spec.env.A.val'],
    ['{ free: { known: { b: 1 } } }', 'spec.free.known.b'],
    ['{ pod: { metadata: { lables: {} } } }', 'spec.pod.metadata.lables'],
  ])('with %s does not', (spec, message) => {
    expect(messages(custom(spec))).toEqual([expect.stringContaining(message)]);
  });

  it('of a version that its definition does not serve is not served', () => {
    expect(messages(custom('{ anything: 1 }', 'v1alpha1'))).toEqual([
      'CustomResourceDefinition jobs.example.org serves no example.org/v1alpha1. Use example.org/v1, or serve that version too.',
    ]);
  });

  it('of a definition that keeps what it does not know has any field', () => {
    const spec = '{ anything: 1 }';
    expect(
      audit(custom(spec).replace('spec:\n', 'spec:\n  preserveUnknownFields: true\n')),
    ).toEqual([]);
    const beta = custom(spec).replace(
      'apiextensions.k8s.io/v1\n',
      'apiextensions.k8s.io/v1beta1\n',
    );
    expect(audit(beta)).toMatchObject([{ code: 'api-not-served' }]);
  });
});

describe.skipIf(no2020Data !== undefined)(
  `The deployment of 2020${no2020Data === undefined ? '' : ` (skipped: ${no2020Data})`}`,
  () => {
    // Looked up by hand: each of these versions was removed by Kubernetes 1.25, and no other finding is made.
    it.each(['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'])(
      'has 29 objects of removed API versions in %s',
      async (environment) => {
        const counts: Record<string, number> = {};
        for (const { code, message } of audit(await expected2020(environment))) {
          const what = `${code}: ${/ serves no (\S+)/.exec(message)?.[1] ?? message}`;
          counts[what] = (counts[what] ?? 0) + 1;
        }
        expect(counts).toEqual({
          'api-not-served: apiextensions.k8s.io/v1beta1': 1,
          'api-not-served: rbac.authorization.k8s.io/v1beta1': 22,
          'api-not-served: batch/v1beta1': 3,
          'api-not-served: networking.k8s.io/v1beta1': 3,
        });
      },
    );
  },
);
