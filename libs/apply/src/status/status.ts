import { fields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf } from '../object-reference.ts';
import { apiServiceStatus } from './api-service-status.ts';
import { customResourceDefinitionStatus } from './custom-resource-definition-status.ts';
import { daemonSetStatus } from './daemon-set-status.ts';
import { deploymentStatus } from './deployment-status.ts';
import { genericStatus, standardStatus } from './generic-status.ts';
import { horizontalPodAutoscalerStatus } from './horizontal-pod-autoscaler-status.ts';
import { jobStatus } from './job-status.ts';
import { namespaceStatus } from './namespace-status.ts';
import { current, inProgress, type ObjectStatus } from './object-status.ts';
import { persistentVolumeClaimStatus } from './persistent-volume-claim-status.ts';
import { persistentVolumeStatus } from './persistent-volume-status.ts';
import { podDisruptionBudgetStatus } from './pod-disruption-budget-status.ts';
import { podStatus } from './pod-status.ts';
import { replicaSetStatus } from './replica-set-status.ts';
import { serviceStatus } from './service-status.ts';
import { statefulSetStatus } from './stateful-set-status.ts';
import type { StatusInput, StatusRule } from './status-rule.ts';

const atOnce: StatusRule = () => current('nothing to wait for');

// By API group and kind. What settles at once has no status that says whether it is done: kstatus finds such objects
// Current, too. An Ingress is among them: without an ingress controller it never gets an address.
const RULES: Readonly<Record<string, StatusRule>> = {
  '/Namespace': namespaceStatus,
  '/ServiceAccount': atOnce,
  '/ConfigMap': atOnce,
  '/Secret': atOnce,
  '/Endpoints': atOnce,
  '/LimitRange': atOnce,
  '/PodTemplate': atOnce,
  '/ResourceQuota': atOnce,
  '/Service': serviceStatus,
  '/Pod': podStatus,
  '/ReplicationController': replicaSetStatus,
  '/PersistentVolume': persistentVolumeStatus,
  '/PersistentVolumeClaim': persistentVolumeClaimStatus,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': atOnce,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': atOnce,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': atOnce,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': atOnce,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': atOnce,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinitionStatus,
  'apiregistration.k8s.io/APIService': apiServiceStatus,
  'apps/ControllerRevision': atOnce,
  'apps/Deployment': deploymentStatus,
  'apps/StatefulSet': statefulSetStatus,
  'apps/DaemonSet': daemonSetStatus,
  'apps/ReplicaSet': replicaSetStatus,
  'autoscaling/HorizontalPodAutoscaler': horizontalPodAutoscalerStatus,
  'batch/Job': jobStatus,
  'batch/CronJob': atOnce,
  'coordination.k8s.io/Lease': atOnce,
  'discovery.k8s.io/EndpointSlice': atOnce,
  'networking.k8s.io/Ingress': atOnce,
  'networking.k8s.io/IngressClass': atOnce,
  'networking.k8s.io/NetworkPolicy': atOnce,
  'node.k8s.io/RuntimeClass': atOnce,
  'policy/PodDisruptionBudget': podDisruptionBudgetStatus,
  'rbac.authorization.k8s.io/ClusterRole': atOnce,
  'rbac.authorization.k8s.io/ClusterRoleBinding': atOnce,
  'rbac.authorization.k8s.io/Role': atOnce,
  'rbac.authorization.k8s.io/RoleBinding': atOnce,
  'scheduling.k8s.io/PriorityClass': atOnce,
  'storage.k8s.io/CSIDriver': atOnce,
  'storage.k8s.io/StorageClass': atOnce,
  'storage.k8s.io/VolumeAttributesClass': atOnce,
};

/** Whether a kind is Current as soon as it is there, so that nobody needs to look at its objects. */
export function settlesAtOnce(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return ruleOf(object) === atOnce;
}

/** Options of {@link status}. */
export interface StatusOptions {
  /** When it is looked at, in milliseconds since 1970: some things are a failure only after a while. Default: now. */
  readonly now?: number | undefined;
}

/**
 * Whether the cluster has done what an object asks for, by the rules of kstatus; where a rule differs from them, it
 * says so and why. `undefined` is an object that is not there. The object is as the API server answers it, with its
 * status.
 *
 * One rule of kstatus is left out: a workload that is on its way is not Failed as soon as one of its pods is. A pod
 * whose containers crash, or that fits no node, often comes right when what it needs has come; {@link settle} shows
 * what is wrong with it meanwhile.
 */
export function status(
  object: KubernetesObject | undefined,
  { now = Date.now() }: StatusOptions = {},
): ObjectStatus {
  if (object === undefined) return { status: 'NotFound', reason: 'it is not there' };
  if (object.metadata.deletionTimestamp !== undefined) {
    const finalizers = object.metadata.finalizers ?? [];
    const held = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
    return { status: 'Terminating', reason: `it is being deleted${held}` };
  }
  const rule = ruleOf(object);
  const input = {
    metadata: object.metadata,
    spec: fields(object['spec']),
    status: fields(object['status']),
    now,
  };
  return isBehind(rule, input)
    ? inProgress('not seen by its controller yet')
    : (standardStatus(input) ?? rule(input));
}

// kstatus takes for granted that all but a DaemonSet were seen. But these always say so once they were.
const mustObserve: ReadonlySet<StatusRule> = new Set([
  deploymentStatus,
  statefulSetStatus,
  daemonSetStatus,
  replicaSetStatus,
  podDisruptionBudgetStatus,
]);

// A controller that has not seen this generation speaks of an older one.
function isBehind(rule: StatusRule, { metadata, status }: StatusInput): boolean {
  const { generation } = metadata;
  const observed = status['observedGeneration'];
  if (typeof observed !== 'number' || generation === undefined) return mustObserve.has(rule);
  return observed !== generation;
}

function ruleOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): StatusRule {
  return RULES[`${groupOf(apiVersion)}/${kind}`] ?? genericStatus;
}
