import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf } from '../object-reference.ts';
import { customResourceDefinitionStatus } from './custom-resource-definition-status.ts';
import { daemonSetStatus } from './daemon-set-status.ts';
import { deploymentStatus } from './deployment-status.ts';
import { genericStatus } from './generic-status.ts';
import { jobStatus } from './job-status.ts';
import { namespaceStatus } from './namespace-status.ts';
import { current, inProgress, type ObjectStatus } from './object-status.ts';
import { persistentVolumeClaimStatus } from './persistent-volume-claim-status.ts';
import { persistentVolumeStatus } from './persistent-volume-status.ts';
import { podStatus } from './pod-status.ts';
import { replicaSetStatus } from './replica-set-status.ts';
import { serviceStatus } from './service-status.ts';
import { statefulSetStatus } from './stateful-set-status.ts';
import type { StatusRule } from './status-rule.ts';

const atOnce: StatusRule = () => current('nothing to wait for');

// By API group and kind.
const RULES: Readonly<Record<string, StatusRule>> = {
  '/Namespace': namespaceStatus,
  '/Node': atOnce,
  '/ServiceAccount': atOnce,
  '/ConfigMap': atOnce,
  '/Secret': atOnce,
  '/Endpoints': atOnce,
  '/LimitRange': atOnce,
  '/ResourceQuota': atOnce,
  '/Service': serviceStatus,
  '/Pod': podStatus,
  '/ReplicationController': replicaSetStatus,
  '/PersistentVolume': persistentVolumeStatus,
  '/PersistentVolumeClaim': persistentVolumeClaimStatus,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinitionStatus,
  'apps/Deployment': deploymentStatus,
  'apps/StatefulSet': statefulSetStatus,
  'apps/DaemonSet': daemonSetStatus,
  'apps/ReplicaSet': replicaSetStatus,
  'batch/Job': jobStatus,
  'batch/CronJob': atOnce,
  'discovery.k8s.io/EndpointSlice': atOnce,
  'networking.k8s.io/Ingress': atOnce,
  'networking.k8s.io/IngressClass': atOnce,
  'networking.k8s.io/NetworkPolicy': atOnce,
  'rbac.authorization.k8s.io/ClusterRole': atOnce,
  'rbac.authorization.k8s.io/ClusterRoleBinding': atOnce,
  'rbac.authorization.k8s.io/Role': atOnce,
  'rbac.authorization.k8s.io/RoleBinding': atOnce,
  'scheduling.k8s.io/PriorityClass': atOnce,
  'storage.k8s.io/StorageClass': atOnce,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': atOnce,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': atOnce,
};

/** Whether a kind is Current as soon as it is there, so that nobody needs to look at its objects. */
export function settlesAtOnce(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return ruleOf(object) === atOnce;
}

/**
 * Whether the cluster has done what an object asks for, by the rules of kstatus; `undefined` is an object that is
 * not there. Pure: the object is as the API server answers it, with its status.
 */
export function status(object: KubernetesObject | undefined): ObjectStatus {
  if (object === undefined) return { status: 'NotFound', reason: 'it is not there' };
  if (object.metadata.deletionTimestamp !== undefined) {
    const finalizers = object.metadata.finalizers ?? [];
    const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
    return { status: 'Terminating', reason: `it is being deleted${held}` };
  }
  const input = {
    metadata: object.metadata,
    spec: (object['spec'] ?? {}) as Record<string, unknown>,
    status: (object['status'] ?? {}) as Record<string, unknown>,
  };
  const rule = ruleOf(object);
  const { generation } = object.metadata;
  const observed = input.status['observedGeneration'];
  // A controller that has not seen this generation speaks of an older one. Workloads always say what they saw.
  const behind = typeof observed === 'number' ? observed !== generation : mustObserve.has(rule);
  if (behind) return inProgress('not seen by its controller yet');
  return rule(input);
}

const mustObserve: ReadonlySet<StatusRule> = new Set([
  deploymentStatus,
  statefulSetStatus,
  daemonSetStatus,
  replicaSetStatus,
]);

function ruleOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): StatusRule {
  return RULES[`${groupOf(apiVersion)}/${kind}`] ?? genericStatus;
}
