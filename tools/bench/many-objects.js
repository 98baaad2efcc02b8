// A manifest of as many objects as wanted, of 14 kinds that settle without any pod.
import { Buffer } from 'node:buffer';
import { stringify } from 'yaml';

const LABELS = { app: 'bench' };
const meta = (name, namespace) => ({ name, ...(namespace ? { namespace } : {}), labels: LABELS });
const pod = (spec = {}) => ({ containers: [{ name: 'main', image: 'bench' }], ...spec });

const KINDS = [
  (n, ns) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta(n, ns),
    data: { a: n.repeat(20), b: 'c' },
  }),
  (n, ns) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: meta(n, ns),
    data: { token: Buffer.from(n.repeat(5)).toString('base64') },
  }),
  (n, ns) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(n, ns) }),
  (n, ns) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta(n, ns),
    spec: { type: 'ExternalName', externalName: `${n}.example.org` },
  }),
  (n, ns) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(n, ns),
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: n } },
      template: { metadata: { labels: { app: n } }, spec: pod() },
    },
  }),
  (n, ns) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta(n, ns),
    spec: {
      replicas: 0,
      serviceName: n,
      selector: { matchLabels: { app: n } },
      template: { metadata: { labels: { app: n } }, spec: pod() },
    },
  }),
  (n, ns) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta(n, ns),
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: { spec: { template: { spec: pod({ restartPolicy: 'Never' }) } } },
    },
  }),
  (n, ns) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: meta(n, ns),
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  }),
  (n, ns) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: meta(n, ns),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: n },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: ns }],
  }),
  (n, ns) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta(n, ns),
    spec: { defaultBackend: { service: { name: n, port: { number: 80 } } } },
  }),
  (n, ns) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: meta(n, ns),
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  }),
  (n, ns) => ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: meta(n, ns),
    spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] },
  }),
  (n, ns) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: meta(`${ns}-${n}`),
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
  }),
];

/** The text of a manifest: a Namespace of that name, nine more, and the rest in them. */
export function manyObjects(count, prefix) {
  const namespaces = Array.from({ length: 10 }, (_, index) =>
    index === 0 ? prefix : `${prefix}-${index}`,
  );
  const objects = namespaces.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  for (let index = 0; objects.length < count; index += 1) {
    const namespace = namespaces[Math.floor(index / KINDS.length) % namespaces.length];
    objects.push(KINDS[index % KINDS.length](`bench-${index}`, namespace));
  }
  return objects.map((object) => stringify(object)).join('---\n');
}
