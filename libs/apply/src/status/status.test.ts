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
    `${DEPLOYMENT}status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 }`,
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
status: { observedGeneration: 1 }`,
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
status: { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 }`,
    'InProgress',
    '2 of 3 available',
  ],
  [
    'a ReplicaSet with all available',
    `
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: a, generation: 1 }
spec: { replicas: 1 }
status: { observedGeneration: 1, replicas: 1, availableReplicas: 1 }`,
    'Current',
    '1 of 1 available',
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
  expect(status(parse(text) as KubernetesObject)).toEqual({ status: expected, reason });
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
