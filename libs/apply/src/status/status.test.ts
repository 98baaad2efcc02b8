import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { settlesAtOnce, status } from './status.ts';

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: prow, generation: 2 }
spec: { replicas: 2 }
`;

const ALL_AVAILABLE =
  'observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2, ' +
  'conditions: [{ type: Available, status: "True" }, { type: Progressing, status: "True", reason: NONE }]';

const cases: [name: string, text: string, status: string, reason: string][] = [
  ['a Deployment without status', DEPLOYMENT, 'InProgress', 'not seen by its controller yet'],
  [
    'a Deployment whose controller saw an older generation',
    `${DEPLOYMENT}status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a Deployment that is being rolled out',
    `${DEPLOYMENT}status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 }`,
    'InProgress',
    '1 of 2 updated',
  ],
  [
    'a Deployment with an old replica left',
    `${DEPLOYMENT}status: { observedGeneration: 2, replicas: 3, updatedReplicas: 2, readyReplicas: 3, availableReplicas: 3 }`,
    'InProgress',
    '1 of an older generation left',
  ],
  [
    'a Deployment with one replica available',
    `${DEPLOYMENT}status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1 }`,
    'InProgress',
    '1 of 2 available',
  ],
  [
    'a Deployment with all replicas available',
    `${DEPLOYMENT}status: { ${ALL_AVAILABLE} }`,
    'Current',
    '2 of 2 available',
  ],
  [
    'a Deployment whose replicas are there, and whose controller does not say yet that it is complete',
    `${DEPLOYMENT.replace('replicas: 2', 'replicas: 2, progressDeadlineSeconds: 600')}status: { ${ALL_AVAILABLE} }`,
    'InProgress',
    'its controller does not say yet that it is complete',
  ],
  [
    'a Deployment whose controller says that it is complete',
    `${DEPLOYMENT.replace('replicas: 2', 'replicas: 2, progressDeadlineSeconds: 600')}status: { ${ALL_AVAILABLE.replace('NONE', 'NewReplicaSetAvailable')} }`,
    'Current',
    '2 of 2 available',
  ],
  [
    'a Deployment that is not available yet',
    `${DEPLOYMENT}status: { ${ALL_AVAILABLE.replace('Available, status: "True"', 'Available, status: "False"')} }`,
    'InProgress',
    'not available',
  ],
  [
    'a Deployment that is paused, of which nothing is missing',
    `${DEPLOYMENT.replace('replicas: 2', 'replicas: 2, paused: true, progressDeadlineSeconds: 600')}status: { ${ALL_AVAILABLE} }`,
    'Current',
    '2 of 2 available',
  ],
  [
    'a Deployment that was paused before it was rolled out',
    `${DEPLOYMENT.replace('replicas: 2', 'replicas: 2, paused: true')}status: { observedGeneration: 2, replicas: 2, readyReplicas: 2, availableReplicas: 2 }`,
    'InProgress',
    '0 of 2 updated, and it is paused',
  ],
  [
    'a Deployment whose replicas are there, of which one could not be made at first',
    `${DEPLOYMENT}status: { ${ALL_AVAILABLE.replace('[', '[{ type: ReplicaFailure, status: "True", message: exceeded quota }, ')} }`,
    'Current',
    '2 of 2 available',
  ],
  [
    'a Deployment past its progress deadline',
    `${DEPLOYMENT}status:
  observedGeneration: 2
  conditions: [{ type: Progressing, status: "False", reason: ProgressDeadlineExceeded, message: ReplicaSet "deck-1" has timed out progressing. }]`,
    'Failed',
    'ReplicaSet "deck-1" has timed out progressing',
  ],
  [
    'a Deployment whose pods cannot be made',
    `${DEPLOYMENT}status:
  observedGeneration: 2
  conditions: [{ type: ReplicaFailure, status: "True", reason: FailedCreate, message: 'serviceaccount "deck" not found' }]`,
    'InProgress',
    'serviceaccount "deck" not found',
  ],
  [
    'a Deployment of no replicas',
    `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, generation: 1 }
spec: { replicas: 0 }
status: { observedGeneration: 1, conditions: [{ type: Available, status: "True" }] }`,
    'Current',
    '0 of 0 available',
  ],
  [
    'an object that is being deleted',
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: a, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [kubernetes.io/pvc-protection] }
status: { phase: Bound }`,
    'Terminating',
    'it is being deleted, held by kubernetes.io/pvc-protection',
  ],
  [
    'a StatefulSet with one of two ready',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 2 }
status: { observedGeneration: 1, replicas: 2, readyReplicas: 1 }`,
    'InProgress',
    '1 of 2 ready',
  ],
  [
    'a StatefulSet between two revisions',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 1 }
status: { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 0, currentRevision: a-1, updateRevision: a-2 }`,
    'InProgress',
    '0 of 1 updated',
  ],
  [
    'a StatefulSet of the current revision, with a replica of it to go',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 2 }
status: { observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 2, currentReplicas: 1, currentRevision: a-1, updateRevision: a-1 }`,
    'InProgress',
    '1 of 2 of the current revision',
  ],
  [
    'a StatefulSet that is being updated, as an API server writes its strategy',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 2, updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 0 } } }
status: { observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 1, currentReplicas: 1, currentRevision: a-1, updateRevision: a-2 }`,
    'InProgress',
    '1 of 2 updated',
  ],
  [
    'a StatefulSet that was updated, as an API server writes its strategy',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 2, updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 0 } } }
status: { observedGeneration: 1, replicas: 2, readyReplicas: 2, updatedReplicas: 2, currentReplicas: 2, currentRevision: a-2, updateRevision: a-2 }`,
    'Current',
    '2 of 2 ready',
  ],
  [
    'a StatefulSet whose pods are updated when someone deletes them',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 2, updateStrategy: { type: OnDelete } }
status: { observedGeneration: 1, replicas: 2, readyReplicas: 0 }`,
    'Current',
    'pods are updated when they are deleted',
  ],
  [
    'a StatefulSet that is updated up to its partition',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, generation: 1 }
spec: { replicas: 3, updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 2 } } }
status: { observedGeneration: 1, replicas: 3, readyReplicas: 3, updatedReplicas: 1, currentRevision: a-1, updateRevision: a-2 }`,
    'Current',
    '1 updated, up to the partition',
  ],
  [
    'a DaemonSet with a node to go',
    `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a, generation: 1 }
status: { observedGeneration: 1, desiredNumberScheduled: 3, currentNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }`,
    'InProgress',
    '2 of 3 available',
  ],
  [
    'a DaemonSet of which a node has no pod yet',
    `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a, generation: 1 }
status: { observedGeneration: 1, desiredNumberScheduled: 3, currentNumberScheduled: 2 }`,
    'InProgress',
    '2 of 3 made',
  ],
  [
    'a DaemonSet whose controller has not counted the nodes yet',
    `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a, generation: 1 }
status: { observedGeneration: 1 }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a DaemonSet with a pod that is available and not ready any more',
    `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a, generation: 1 }
status: { observedGeneration: 1, desiredNumberScheduled: 1, currentNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1, numberReady: 0 }`,
    'InProgress',
    '0 of 1 ready',
  ],
  [
    'a DaemonSet whose pods are updated when someone deletes them',
    `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: a, generation: 1 }
spec: { updateStrategy: { type: OnDelete } }
status: { observedGeneration: 1, desiredNumberScheduled: 1, currentNumberScheduled: 1, updatedNumberScheduled: 0, numberAvailable: 1, numberReady: 1 }`,
    'Current',
    '1 of 1 available',
  ],
  [
    'a ReplicaSet with all available',
    `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: a, generation: 1 }
spec: { replicas: 1 }
status: { observedGeneration: 1, replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1 }`,
    'Current',
    '1 of 1 available',
  ],
  [
    'a ReplicaSet whose pods lack its labels',
    `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: a, generation: 1 }
spec: { replicas: 1 }
status: { observedGeneration: 1, replicas: 1, availableReplicas: 1, readyReplicas: 1 }`,
    'InProgress',
    '0 of 1 made',
  ],
  [
    'a Job that runs',
    `
apiVersion: batch/v1
kind: Job
metadata: { name: a, generation: 1 }
spec: { completions: 2 }
status: { succeeded: 1, active: 1 }`,
    'InProgress',
    '1 of 2 complete',
  ],
  [
    'a Job that is complete',
    `
apiVersion: batch/v1
kind: Job
metadata: { name: a }
status: { conditions: [{ type: Complete, status: "True" }] }`,
    'Current',
    'complete',
  ],
  [
    'a Job that failed',
    `
apiVersion: batch/v1
kind: Job
metadata: { name: a }
status: { conditions: [{ type: Failed, status: "True", reason: BackoffLimitExceeded, message: Job has reached the specified backoff limit }] }`,
    'Failed',
    'Job has reached the specified backoff limit',
  ],
  [
    'a suspended Job',
    `
apiVersion: batch/v1
kind: Job
metadata: { name: a }
spec: { suspend: true }
status: { conditions: [{ type: Suspended, status: "True" }] }`,
    'Current',
    'suspended',
  ],
  [
    'a Job that is not suspended yet',
    `
apiVersion: batch/v1
kind: Job
metadata: { name: a }
spec: { suspend: true }
status: { active: 1 }`,
    'InProgress',
    'not suspended yet',
  ],
  [
    'a Job whose pods work at the same time',
    `
apiVersion: batch/v1
kind: Job
metadata: { name: a }
spec: { parallelism: 3 }
status: { active: 3 }`,
    'InProgress',
    '0 of 3 complete',
  ],
  [
    'a Pod that nobody has looked at yet',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }`,
    'InProgress',
    'not ready',
  ],
  [
    'a Pod that is not to be scheduled yet',
    `
apiVersion: v1
kind: Pod
metadata: { name: a, creationTimestamp: "2026-01-01T00:00:00Z" }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: "False", reason: SchedulingGated, message: Scheduling is blocked due to non-empty scheduling gates }]`,
    'InProgress',
    'Scheduling is blocked due to non-empty scheduling gates',
  ],
  [
    'a Pod that fitted no node for longer than a scheduler may look',
    `
apiVersion: v1
kind: Pod
metadata: { name: a, creationTimestamp: "2026-01-01T00:00:00Z" }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: "False", reason: Unschedulable, message: "0/1 nodes are available: 1 Insufficient cpu." }]`,
    'Failed',
    '0/1 nodes are available: 1 Insufficient cpu',
  ],
  [
    'a Pod whose container crashes again and again',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Running
  containerStatuses:
    - { name: proxy, ready: true, state: { running: {} } }
    - name: deck
      restartCount: 4
      state: { waiting: { reason: CrashLoopBackOff, message: back-off 1m20s restarting failed container } }
      lastState: { terminated: { exitCode: 137, reason: OOMKilled } }`,
    'Failed',
    'container deck keeps ending: exit code 137 (OOMKilled), 4 restarts',
  ],
  [
    'a Pod whose init container crashes again and again',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Pending
  initContainerStatuses:
    - { name: done, state: { terminated: { exitCode: 0, reason: Completed } } }
    - name: clone
      restartCount: 1
      state: { waiting: { reason: CrashLoopBackOff } }
      lastState: { terminated: { exitCode: 1, reason: Error } }
  containerStatuses: [{ name: deck, state: { waiting: { reason: PodInitializing } } }]`,
    'Failed',
    'container clone keeps ending: exit code 1 (Error), 1 restart',
  ],
  [
    'a Pod whose container has just ended',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Running
  containerStatuses: [{ name: deck, state: { terminated: { signal: 6, reason: Error } } }]`,
    'InProgress',
    'container deck ended: signal 6 (Error)',
  ],
  [
    'a Pod whose container runs again, and is not ready',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Running
  containerStatuses:
    - { name: deck, restartCount: 2, state: { running: {} }, lastState: { terminated: { exitCode: 2 } } }`,
    'InProgress',
    'container deck was started again after it ended: exit code 2, 2 restarts',
  ],
  [
    'a Pod whose container lacks a Secret',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Pending
  containerStatuses: [{ name: deck, state: { waiting: { reason: CreateContainerConfigError, message: 'secret "hmac-token" not found' } } }]`,
    'InProgress',
    'container deck is waiting: CreateContainerConfigError: secret "hmac-token" not found',
  ],
  [
    'a Pod whose only container failed',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Failed
  containerStatuses: [{ name: migrate, state: { terminated: { exitCode: 3, reason: Error } } }]`,
    'Failed',
    'container migrate ended: exit code 3 (Error)',
  ],
  [
    'a Pod that fits no node',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: "False", reason: Unschedulable, message: "0/1 nodes are available: 1 Insufficient cpu." }]`,
    'InProgress',
    '0/1 nodes are available: 1 Insufficient cpu',
  ],
  [
    'a Pod whose image cannot be pulled',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status:
  phase: Pending
  containerStatuses: [{ name: deck, state: { waiting: { reason: ImagePullBackOff, message: Back-off pulling image } } }]`,
    'InProgress',
    'container deck is waiting: ImagePullBackOff: Back-off pulling image',
  ],
  [
    'a Pod that is ready',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status: { phase: Running, conditions: [{ type: Ready, status: "True" }] }`,
    'Current',
    'ready',
  ],
  [
    'a Pod that failed',
    `
apiVersion: v1
kind: Pod
metadata: { name: a }
status: { phase: Failed, reason: Evicted, message: The node was low on resource }`,
    'Failed',
    'The node was low on resource',
  ],
  [
    'a PersistentVolumeClaim that is bound',
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: a }
status: { phase: Bound }`,
    'Current',
    'bound',
  ],
  [
    'a PersistentVolumeClaim that is pending',
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: a }
spec: { storageClassName: fast }
status: { phase: Pending }`,
    'InProgress',
    'not bound, of storage class fast',
  ],
  [
    'a PersistentVolumeClaim whose volume is gone',
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: a }
status: { phase: Lost }`,
    'Failed',
    'its volume is lost',
  ],
  [
    'a PersistentVolume that waits for a claim',
    `
apiVersion: v1
kind: PersistentVolume
metadata: { name: a }
status: { phase: Available }`,
    'Current',
    'taken in',
  ],
  [
    'a CustomResourceDefinition that is being installed',
    `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: a.b.c, generation: 1 }
status: { conditions: [{ type: NamesAccepted, status: "True" }, { type: Established, status: "False", reason: Installing }] }`,
    'InProgress',
    'not established',
  ],
  [
    'a CustomResourceDefinition whose names are taken',
    `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: a.b.c, generation: 1 }
status: { conditions: [{ type: NamesAccepted, status: "False", message: '"a" is already in use' }] }`,
    'Failed',
    '"a" is already in use',
  ],
  [
    'a CustomResourceDefinition that is established',
    `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: a.b.c, generation: 1 }
status: { conditions: [{ type: Established, status: "True" }] }`,
    'Current',
    'established',
  ],
  [
    'a Namespace',
    `
apiVersion: v1
kind: Namespace
metadata: { name: a }
status: { phase: Active }`,
    'Current',
    'active',
  ],
  [
    'a CronJob that never ran',
    `
apiVersion: batch/v1
kind: CronJob
metadata: { name: a, generation: 1 }
status: {}`,
    'Current',
    'nothing to wait for',
  ],
  [
    'a Service',
    `
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { type: ClusterIP }`,
    'Current',
    'nothing to wait for',
  ],
  [
    'a load balancer without an address in the cluster',
    `
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { type: LoadBalancer }`,
    'InProgress',
    'no cluster address yet',
  ],
  [
    'a PodDisruptionBudget that was not computed yet',
    `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: a, generation: 1 }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a PodDisruptionBudget that allows no disruption',
    `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: a, generation: 1 }
status: { observedGeneration: 1, conditions: [{ type: DisruptionAllowed, status: "False", reason: InsufficientPods }] }`,
    'Current',
    'computed',
  ],
  [
    'a PodDisruptionBudget that cannot be computed',
    `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: a, generation: 1 }
status: { observedGeneration: 1, conditions: [{ type: DisruptionAllowed, status: "False", reason: SyncFailed, message: jobs.batch does not implement the scale subresource }] }`,
    'InProgress',
    'jobs.batch does not implement the scale subresource',
  ],
  [
    'a HorizontalPodAutoscaler that was not looked at yet',
    `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: a }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a HorizontalPodAutoscaler that can scale, and lacks metrics',
    `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: a }
status: { conditions: [{ type: AbleToScale, status: "True" }, { type: ScalingActive, status: "False", reason: FailedGetResourceMetric }] }`,
    'Current',
    'able to scale',
  ],
  [
    'a HorizontalPodAutoscaler of nothing, in the older version of the API',
    `
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata:
  name: a
  annotations:
    autoscaling.alpha.kubernetes.io/conditions: '[{"type":"AbleToScale","status":"False","reason":"FailedGetScale","message":"deployments.apps \\"a\\" not found"}]'`,
    'InProgress',
    'deployments.apps "a" not found',
  ],
  [
    'an APIService that does not answer',
    `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.a.b }
status: { conditions: [{ type: Available, status: "False", reason: MissingEndpoints, message: endpoints for service/a in "b" have no addresses }] }`,
    'InProgress',
    'endpoints for service/a in "b" have no addresses',
  ],
  [
    'an APIService that answers',
    `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.a.b }
status: { conditions: [{ type: Available, status: "True", reason: Passed }] }`,
    'Current',
    'available',
  ],
  [
    'a Node that is not ready',
    `
apiVersion: v1
kind: Node
metadata: { name: a }
status: { conditions: [{ type: Ready, status: Unknown, reason: NodeStatusUnknown }] }`,
    'InProgress',
    'NodeStatusUnknown',
  ],
  [
    'a workload whose controller says that it is reconciling',
    `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: a, generation: 1 }
spec: { replicas: 0 }
status: { observedGeneration: 1, conditions: [{ type: Reconciling, status: "True", reason: Rolling }] }`,
    'InProgress',
    'Rolling',
  ],
  [
    'an object without generations, whatever it says to have seen',
    `
apiVersion: example.org/v1
kind: Widget
metadata: { name: a }
status: { observedGeneration: 3 }`,
    'Current',
    'nothing to wait for',
  ],
  [
    'a custom resource whose Ready is neither true nor false',
    `
apiVersion: example.org/v1
kind: Widget
metadata: { name: a }
status: { conditions: [null, oops, { type: Ready, status: Perhaps }] }`,
    'Current',
    'nothing to wait for',
  ],
  [
    'a custom resource whose Ready is of an older generation',
    `
apiVersion: example.org/v1
kind: Widget
metadata: { name: a, generation: 2 }
status: { conditions: [{ type: Ready, status: "True", observedGeneration: 1 }] }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a custom resource that was stalled in an older generation',
    `
apiVersion: example.org/v1
kind: Widget
metadata: { name: a, generation: 2 }
status: { conditions: [{ type: Stalled, status: "True", observedGeneration: 1 }] }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a custom resource that is stalled, and said before that it reconciles',
    `
apiVersion: example.org/v1
kind: Widget
metadata: { name: a }
status: { conditions: [{ type: Reconciling, status: "True" }, { type: Stalled, status: "True", message: " no. " }] }`,
    'Failed',
    'no',
  ],
  [
    'a custom resource without status',
    `
apiVersion: prow.k8s.io/v1
kind: ProwJob
metadata: { name: a, generation: 1 }`,
    'Current',
    'nothing to wait for',
  ],
  [
    'a custom resource that is not ready',
    `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: a, generation: 1 }
status: { conditions: [{ type: Ready, status: "False", reason: DoesNotExist, message: Issuing certificate as Secret does not exist }] }`,
    'InProgress',
    'Issuing certificate as Secret does not exist',
  ],
  [
    'a custom resource whose controller saw an older generation',
    `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: a, generation: 2 }
status: { observedGeneration: 1, conditions: [{ type: Ready, status: "True" }] }`,
    'InProgress',
    'not seen by its controller yet',
  ],
  [
    'a custom resource that is stalled',
    `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: a, generation: 1 }
status: { conditions: [{ type: Stalled, status: "True", reason: InvalidURL }, { type: Ready, status: "False" }] }`,
    'Failed',
    'InvalidURL',
  ],
];

test.each(cases)('%s', (_name, text, expected, reason) => {
  expect(status(parse(text) as KubernetesObject)).toMatchObject({ status: expected, reason });
});

test('what fails is told from what takes its time', () => {
  const isFailing = new Map(
    cases.map(([name, text]) => [name, status(parse(text) as KubernetesObject).failing === true]),
  );
  const failing = [...isFailing].filter(([, is]) => is).map(([name]) => name);
  expect(failing).toEqual([
    'a Deployment past its progress deadline',
    'a Deployment whose pods cannot be made',
    'a Job that failed',
    'a Pod that fitted no node for longer than a scheduler may look',
    'a Pod whose container crashes again and again',
    'a Pod whose init container crashes again and again',
    'a Pod whose container has just ended',
    'a Pod whose container runs again, and is not ready',
    'a Pod whose container lacks a Secret',
    'a Pod whose only container failed',
    'a Pod that fits no node',
    'a Pod whose image cannot be pulled',
    'a Pod that failed',
    'a PersistentVolumeClaim whose volume is gone',
    'a CustomResourceDefinition whose names are taken',
    'a PodDisruptionBudget that cannot be computed',
    'a HorizontalPodAutoscaler of nothing, in the older version of the API',
    'an APIService that does not answer',
    'a custom resource that is stalled, and said before that it reconciles',
    'a custom resource that is stalled',
  ]);
});

test('a Pod that fits no node has failed once its scheduler had 15 s', () => {
  const pod = parse(`
apiVersion: v1
kind: Pod
metadata: { name: a, creationTimestamp: "2026-01-01T00:00:00Z" }
status: { phase: Pending, conditions: [{ type: PodScheduled, status: "False", reason: Unschedulable }] }
`) as KubernetesObject;
  const made = Date.parse('2026-01-01T00:00:00Z');
  expect(status(pod, { now: made + 15_000 }).status).toBe('InProgress');
  expect(status(pod, { now: made + 15_001 }).status).toBe('Failed');
});

test('an object that is not there is NotFound', () => {
  expect(status(undefined).status).toBe('NotFound');
});

test('only kinds that need no look settle at once', () => {
  expect(settlesAtOnce({ apiVersion: 'v1', kind: 'ConfigMap' })).toBe(true);
  expect(settlesAtOnce({ apiVersion: 'apps/v1', kind: 'Deployment' })).toBe(false);
  expect(settlesAtOnce({ apiVersion: 'v1', kind: 'Service' })).toBe(false);
  expect(settlesAtOnce({ apiVersion: 'prow.k8s.io/v1', kind: 'ProwJob' })).toBe(false);
});
