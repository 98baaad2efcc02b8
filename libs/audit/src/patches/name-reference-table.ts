import type { FieldSpec } from './field-spec.ts';

/** Fields in which kustomize writes the name that an object of a kind has at the end. */
export interface NameReference {
  readonly to: { readonly group: string; readonly version: string; readonly kind: string };
  readonly from: readonly FieldSpec[];
}

// Facts of kustomize 5's default configuration, in its order.

/** Where each kind with pods has them. */
const PODS: readonly { readonly kind: string; readonly path: string; readonly version?: string }[] =
  [
    { kind: 'Pod', path: 'spec' },
    { kind: 'PodTemplate', path: 'template/spec' },
    { kind: 'Deployment', path: 'spec/template/spec' },
    { kind: 'ReplicaSet', path: 'spec/template/spec' },
    { kind: 'DaemonSet', path: 'spec/template/spec' },
    { kind: 'StatefulSet', path: 'spec/template/spec' },
    { kind: 'Job', path: 'spec/template/spec' },
    { kind: 'CronJob', path: 'spec/jobTemplate/spec/template/spec' },
  ];
const OTHER_PODS: readonly { readonly kind: string; readonly path: string }[] = [
  { kind: 'Pod', path: 'spec' },
  { kind: 'StatefulSet', path: 'spec/template/spec' },
  { kind: 'Deployment', path: 'spec/template/spec' },
  { kind: 'ReplicationController', path: 'spec/template/spec' },
  { kind: 'CronJob', path: 'spec/jobTemplate/spec/template/spec' },
  { kind: 'Job', path: 'spec/template/spec' },
  { kind: 'DaemonSet', path: 'spec/template/spec' },
];

function inPods(pods: readonly { kind: string; path: string }[], ...fields: string[]): FieldSpec[] {
  return pods.flatMap(({ kind, path }) =>
    fields.map((field) => ({
      kind,
      path: `${path}/${field}`,
      ...(kind === 'Pod' && pods === PODS ? { version: 'v1' } : {}),
    })),
  );
}

function inKinds(path: string, ...kinds: string[]): FieldSpec[] {
  return kinds.map((kind) => ({ kind, path }));
}

function to(kind: string, version = '', group = '') {
  return { group, version, kind };
}

const RBAC = 'rbac.authorization.k8s.io';

export const NAME_REFERENCES: readonly NameReference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => ({
    to: to(kind),
    from: inKinds('spec/scaleTargetRef/name', 'HorizontalPodAutoscaler'),
  })),
  {
    to: to('ConfigMap', 'v1'),
    from: [
      ...inPods(
        PODS,
        'volumes/configMap/name',
        'containers/env/valueFrom/configMapKeyRef/name',
        'initContainers/env/valueFrom/configMapKeyRef/name',
        'containers/envFrom/configMapRef/name',
        'initContainers/envFrom/configMapRef/name',
        'volumes/projected/sources/configMap/name',
      ),
      ...inKinds('spec/configSource/configMap', 'Node'),
      ...inKinds('rules/resourceNames', 'Role', 'ClusterRole'),
      ...inKinds(
        String.raw`metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap`,
        'Ingress',
      ),
    ],
  },
  {
    to: to('Secret', 'v1'),
    from: [
      ...inPods(
        PODS,
        'volumes/secret/secretName',
        'containers/env/valueFrom/secretKeyRef/name',
        'initContainers/env/valueFrom/secretKeyRef/name',
        'containers/envFrom/secretRef/name',
        'initContainers/envFrom/secretRef/name',
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ),
      ...inKinds('spec/tls/secretName', 'Ingress'),
      ...[
        String.raw`ingress.kubernetes.io\/auth-secret`,
        String.raw`nginx.ingress.kubernetes.io\/auth-secret`,
        String.raw`nginx.ingress.kubernetes.io\/auth-tls-secret`,
      ].flatMap((name) => inKinds(`metadata/annotations/${name}`, 'Ingress')),
      ...inKinds('imagePullSecrets/name', 'ServiceAccount'),
      ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].flatMap((name) =>
        inKinds(`parameters/${name}`, 'StorageClass'),
      ),
      ...inKinds('rules/resourceNames', 'Role', 'ClusterRole'),
      {
        path: 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name',
        group: 'serving.knative.dev',
        version: 'v1',
        kind: 'Service',
      },
      ...inKinds('spec/azureFile/secretName', 'PersistentVolume'),
    ],
  },
  {
    to: to('Service', 'v1'),
    from: [
      { path: 'spec/serviceName', group: 'apps', kind: 'StatefulSet' },
      ...[
        'spec/rules/http/paths/backend/serviceName',
        'spec/backend/serviceName',
        'spec/rules/http/paths/backend/service/name',
        'spec/defaultBackend/service/name',
      ].flatMap((path) => inKinds(path, 'Ingress')),
      { path: 'spec/service/name', group: 'apiregistration.k8s.io', kind: 'APIService' },
      ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) => ({
        path: 'webhooks/clientConfig/service',
        group: 'admissionregistration.k8s.io',
        kind,
      })),
    ],
  },
  {
    to: to('Role', '', RBAC),
    from: [{ path: 'roleRef/name', group: RBAC, kind: 'RoleBinding' }],
  },
  {
    to: to('ClusterRole', '', RBAC),
    from: ['RoleBinding', 'ClusterRoleBinding'].map((kind) => ({
      path: 'roleRef/name',
      group: RBAC,
      kind,
    })),
  },
  {
    to: to('ServiceAccount', 'v1'),
    from: [
      ...['RoleBinding', 'ClusterRoleBinding'].map((kind) => ({
        path: 'subjects',
        group: RBAC,
        kind,
      })),
      ...inPods(OTHER_PODS, 'serviceAccountName'),
    ],
  },
  {
    to: to('PersistentVolumeClaim', 'v1'),
    from: inPods(OTHER_PODS, 'volumes/persistentVolumeClaim/claimName'),
  },
  {
    to: to('PersistentVolume', 'v1'),
    from: [
      ...inKinds('spec/volumeName', 'PersistentVolumeClaim'),
      ...inKinds('rules/resourceNames', 'ClusterRole'),
    ],
  },
  {
    to: to('StorageClass', 'v1', 'storage.k8s.io'),
    from: [
      ...inKinds('spec/storageClassName', 'PersistentVolume', 'PersistentVolumeClaim'),
      ...inKinds('spec/volumeClaimTemplates/spec/storageClassName', 'StatefulSet'),
    ],
  },
  {
    to: to('PriorityClass', 'v1', 'scheduling.k8s.io'),
    from: inPods(OTHER_PODS, 'priorityClassName'),
  },
  {
    to: to('ValidatingAdmissionPolicy', '', 'admissionregistration.k8s.io'),
    from: inKinds('spec/policyName', 'ValidatingAdmissionPolicyBinding'),
  },
];
