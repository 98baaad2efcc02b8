import { groupBy } from './group-by.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { groupOf } from './object-reference.ts';

/** The steps of an apply, in an order in which each one comes after all that it stands on. */
export const STEP_NAMES = [
  'namespaces',
  'custom resource definitions',
  'foundations',
  'roles',
  'role bindings',
  'configuration',
  'services',
  'workloads',
  'routes',
  'custom resources',
  'webhooks',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/**
 * What a step stands on, and so waits for. Services need none of what pods run on, and pods none of them to be created;
 * but what pods find in their environment of the Services is decided when they start.
 */
export const STEP_NEEDS: Readonly<Record<StepName, readonly StepName[]>> = {
  namespaces: [],
  'custom resource definitions': [],
  foundations: ['namespaces'],
  roles: ['namespaces'],
  'role bindings': ['foundations', 'roles'],
  configuration: ['foundations'],
  services: ['namespaces'],
  workloads: ['custom resource definitions', 'role bindings', 'configuration', 'services'],
  routes: ['workloads'],
  'custom resources': ['workloads'],
  webhooks: ['routes', 'custom resources'],
};

/** Objects that do not need each other, applied in parallel. */
export interface Step<T> {
  readonly name: StepName;
  readonly objects: readonly T[];
}

// By API group and kind. A webhook comes last: before its pods answer it refuses what it watches.
const STEP_OF_KIND: Readonly<Record<string, StepName>> = {
  '/Namespace': 'namespaces',
  'apiextensions.k8s.io/CustomResourceDefinition': 'custom resource definitions',
  '/Node': 'foundations',
  '/ServiceAccount': 'foundations',
  '/PersistentVolume': 'foundations',
  '/ResourceQuota': 'foundations',
  '/LimitRange': 'foundations',
  'storage.k8s.io/StorageClass': 'foundations',
  'storage.k8s.io/CSIDriver': 'foundations',
  'scheduling.k8s.io/PriorityClass': 'foundations',
  'node.k8s.io/RuntimeClass': 'foundations',
  'networking.k8s.io/IngressClass': 'foundations',
  'networking.k8s.io/NetworkPolicy': 'foundations',
  'policy/PodDisruptionBudget': 'foundations',
  'rbac.authorization.k8s.io/ClusterRole': 'roles',
  'rbac.authorization.k8s.io/Role': 'roles',
  'rbac.authorization.k8s.io/ClusterRoleBinding': 'role bindings',
  'rbac.authorization.k8s.io/RoleBinding': 'role bindings',
  '/ConfigMap': 'configuration',
  '/Secret': 'configuration',
  '/PersistentVolumeClaim': 'configuration',
  '/Service': 'services',
  '/Endpoints': 'services',
  'discovery.k8s.io/EndpointSlice': 'services',
  '/Pod': 'workloads',
  '/ReplicationController': 'workloads',
  'apps/Deployment': 'workloads',
  'apps/StatefulSet': 'workloads',
  'apps/DaemonSet': 'workloads',
  'apps/ReplicaSet': 'workloads',
  'batch/Job': 'workloads',
  'batch/CronJob': 'workloads',
  'autoscaling/HorizontalPodAutoscaler': 'routes',
  'networking.k8s.io/Ingress': 'routes',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': 'webhooks',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': 'webhooks',
  'apiregistration.k8s.io/APIService': 'webhooks',
};

/**
 * The step that an object belongs to. A kind that is not known here is taken for a custom resource: after its
 * definition, and after the workloads that may serve its webhooks.
 */
export function stepOf(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): StepName {
  return STEP_OF_KIND[`${groupOf(object.apiVersion)}/${object.kind}`] ?? 'custom resources';
}

/** Sorts objects into steps, in the order in which they are applied; within a step the given order is kept. */
export function order<T extends Pick<KubernetesObject, 'apiVersion' | 'kind'>>(
  objects: readonly T[],
): Step<T>[] {
  const byStep = groupBy(objects, stepOf);
  return STEP_NAMES.flatMap((name) => {
    const members = byStep.get(name);
    return members === undefined ? [] : [{ name, objects: members }];
  });
}
