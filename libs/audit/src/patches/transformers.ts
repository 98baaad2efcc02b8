import {
  type Json,
  type JsonObject,
  isJsonObject,
  listOf,
  scalarText,
  textOf,
} from '../load/tree.ts';
import { type FieldSpec, applyFieldSpecs } from './field-spec.ts';
import { isClusterScoped } from './merge-schema.ts';
import {
  type SimObject,
  idOf,
  metadataOf,
  originalId,
  rememberId,
  withField,
} from './sim-object.ts';

// The built-in transformers of kustomize 5 besides patches, as far as they change names, namespaces, labels and
// annotations, in its order. Field specifications are its defaults.

/** Applies namespace, namePrefix, nameSuffix, labels, commonLabels and commonAnnotations of a kustomization. */
export function transform(objects: readonly SimObject[], content: JsonObject): SimObject[] {
  const steps: ((object: SimObject) => SimObject)[] = [];
  const namespace = textOf(content['namespace']);
  if (namespace !== '') steps.push((object) => setNamespace(object, namespace));
  const prefix = textOf(content['namePrefix']);
  if (prefix !== '') steps.push((object) => rename(object, prefix, ''));
  const suffix = textOf(content['nameSuffix']);
  if (suffix !== '') steps.push((object) => rename(object, '', suffix));
  for (const label of listOf(content['labels'])) {
    if (isJsonObject(label)) steps.push(setEntries(label['pairs'], labelSpecs(label)));
  }
  steps.push(setEntries(content['commonLabels'], COMMON_LABELS));
  steps.push(setEntries(content['commonAnnotations'], COMMON_ANNOTATIONS));
  return objects.map((object) => steps.reduce((current, step) => step(current), object));
}

function setNamespace(object: SimObject, namespace: string): SimObject {
  const remembered = rememberId(object);
  let { value } = remembered;
  const kind = textOf(value['kind']);
  const apiVersion = textOf(value['apiVersion']);
  const metadata = metadataOf(value);
  if (!isClusterScoped(apiVersion, kind)) {
    value = withField(value, 'metadata', withField(metadata, 'namespace', namespace));
  }
  if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') {
    const { subjects } = value;
    if (Array.isArray(subjects)) {
      const moved = subjects.map((subject: Json) =>
        isJsonObject(subject) && subject['name'] === 'default'
          ? withField(subject, 'namespace', namespace)
          : subject,
      );
      value = withField(value, 'subjects', moved);
    }
  }
  const specs = NAMESPACE.filter(({ path }) => path !== 'metadata/name' || apiVersion === 'v1');
  return { ...remembered, value: applyFieldSpecs(value, specs, () => namespace) };
}

function rename(object: SimObject, prefix: string, suffix: string): SimObject {
  const { kind, group } = originalId(object);
  const kept =
    kind === 'CustomResourceDefinition' ||
    kind === 'Namespace' ||
    (kind === 'APIService' && group === 'apiregistration.k8s.io');
  if (kept) return object;
  const metadata = metadataOf(object.value);
  const value = withField(
    object.value,
    'metadata',
    withField(metadata, 'name', `${prefix}${idOf(object.value).name}${suffix}`),
  );
  return {
    ...rememberId(object),
    value,
    prefixes: prefix === '' ? object.prefixes : [...object.prefixes, prefix],
    suffixes: suffix === '' ? object.suffixes : [...object.suffixes, suffix],
  };
}

function setEntries(pairs: Json | undefined, specs: readonly FieldSpec[]) {
  return (object: SimObject): SimObject => {
    if (!isJsonObject(pairs) || Object.keys(pairs).length === 0) return object;
    const set = (field: Json | undefined): Json => ({
      ...(isJsonObject(field) ? field : {}),
      ...Object.fromEntries(Object.entries(pairs).map(([key, text]) => [key, scalarText(text)])),
    });
    return { ...object, value: applyFieldSpecs(object.value, specs, set) };
  };
}

function labelSpecs(label: JsonObject): FieldSpec[] {
  const own = listOf(label['fields']).filter(isJsonObject).map(ownSpec);
  if (label['includeSelectors'] === true) return [...own, ...COMMON_LABELS];
  return [...own, ...(label['includeTemplates'] === true ? TEMPLATE_LABELS : []), METADATA_LABELS];
}

function ownSpec(spec: JsonObject): FieldSpec {
  return {
    path: textOf(spec['path']),
    group: textOf(spec['group']),
    version: textOf(spec['version']),
    kind: textOf(spec['kind']),
    create: spec['create'] === true,
  };
}

const NAMESPACE: readonly FieldSpec[] = [
  { path: 'metadata/name', kind: 'Namespace', create: true },
  {
    path: 'spec/service/namespace',
    group: 'apiregistration.k8s.io',
    kind: 'APIService',
    create: true,
  },
  {
    path: 'spec/conversion/webhook/clientConfig/service/namespace',
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
  },
];

const METADATA_LABELS: FieldSpec = { path: 'metadata/labels', create: true };

// Kinds with a pod template, and where in them its metadata are.
const TEMPLATES: readonly FieldSpec[] = [
  { path: 'spec/template/metadata', version: 'v1', kind: 'ReplicationController' },
  { path: 'spec/template/metadata', kind: 'Deployment' },
  { path: 'spec/template/metadata', kind: 'ReplicaSet' },
  { path: 'spec/template/metadata', kind: 'DaemonSet' },
  { path: 'spec/template/metadata', kind: 'StatefulSet' },
  { path: 'spec/template/metadata', group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate/metadata', group: 'batch', kind: 'CronJob' },
  { path: 'spec/jobTemplate/spec/template/metadata', group: 'batch', kind: 'CronJob' },
];

const TEMPLATE_LABELS: readonly FieldSpec[] = [
  METADATA_LABELS,
  ...TEMPLATES.map((spec) => ({
    ...spec,
    path: `${spec.path}/labels`,
    create: true,
    ...(spec.kind === 'StatefulSet' ? { group: 'apps' } : {}),
  })),
  {
    path: 'spec/volumeClaimTemplates[]/metadata/labels',
    group: 'apps',
    kind: 'StatefulSet',
    create: true,
  },
];

const AFFINITY = ['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
  `spec/template/spec/affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
  `spec/template/spec/affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
]);

const COMMON_LABELS: readonly FieldSpec[] = [
  { path: 'spec/selector', version: 'v1', kind: 'Service', create: true },
  { path: 'spec/selector', version: 'v1', kind: 'ReplicationController', create: true },
  { path: 'spec/selector/matchLabels', kind: 'Deployment', create: true },
  { path: 'spec/selector/matchLabels', kind: 'ReplicaSet', create: true },
  { path: 'spec/selector/matchLabels', kind: 'DaemonSet', create: true },
  { path: 'spec/selector/matchLabels', group: 'apps', kind: 'StatefulSet', create: true },
  ...['Deployment', 'StatefulSet'].flatMap((kind) =>
    [...AFFINITY, 'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels'].map(
      (path) => ({ path, group: 'apps', kind }),
    ),
  ),
  { path: 'spec/selector/matchLabels', group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate/spec/selector/matchLabels', group: 'batch', kind: 'CronJob' },
  { path: 'spec/selector/matchLabels', group: 'policy', kind: 'PodDisruptionBudget' },
  { path: 'spec/podSelector/matchLabels', group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  {
    path: 'spec/ingress/from/podSelector/matchLabels',
    group: 'networking.k8s.io',
    kind: 'NetworkPolicy',
  },
  {
    path: 'spec/egress/to/podSelector/matchLabels',
    group: 'networking.k8s.io',
    kind: 'NetworkPolicy',
  },
  ...TEMPLATE_LABELS,
];

const COMMON_ANNOTATIONS: readonly FieldSpec[] = [
  { path: 'metadata/annotations', create: true },
  ...TEMPLATES.map((spec) => ({ ...spec, path: `${spec.path}/annotations`, create: true })),
];
