import { expect, test } from 'vitest';
import { order, stepOf } from './order.ts';

const cases: [apiVersion: string, kind: string, step: string][] = [
  ['v1', 'Namespace', 'namespaces'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'custom resource definitions'],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', 'custom resource definitions'],
  ['v1', 'ServiceAccount', 'foundations'],
  ['storage.k8s.io/v1', 'StorageClass', 'foundations'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'roles'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'role bindings'],
  ['v1', 'Secret', 'configuration'],
  ['v1', 'Service', 'services'],
  ['serving.knative.dev/v1', 'Service', 'custom resources'],
  ['apps/v1', 'Deployment', 'workloads'],
  ['batch/v1', 'CronJob', 'workloads'],
  ['networking.k8s.io/v1', 'Ingress', 'routes'],
  ['prow.k8s.io/v1', 'ProwJob', 'custom resources'],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'webhooks'],
];

test.each(cases)('%s %s belongs to the %s', (apiVersion, kind, step) => {
  expect(stepOf({ apiVersion, kind })).toBe(step);
});

test('objects are sorted into steps, and keep their order within a step', () => {
  const object = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, name });
  const steps = order([
    object('networking.k8s.io/v1', 'Ingress', 'deck'),
    object('apps/v1', 'Deployment', 'deck'),
    object('v1', 'Secret', 'b'),
    object('v1', 'ConfigMap', 'a'),
    object('v1', 'Namespace', 'prow'),
  ]);
  expect(steps.map((step) => [step.name, step.objects.map(({ name }) => name)])).toEqual([
    ['namespaces', ['prow']],
    ['configuration', ['b', 'a']],
    ['workloads', ['deck']],
    ['routes', ['deck']],
  ]);
  expect(order([])).toEqual([]);
});
