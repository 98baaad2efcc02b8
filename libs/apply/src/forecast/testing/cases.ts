import type { ForecastCode } from '../forecast-codes.ts';

/** A change of one object, tried on the rules alone and on a real API server. */
export interface ForecastCase {
  readonly title: string;
  /** The object as it was applied. */
  readonly live: string;
  /** What is replaced in its text, and by what. */
  readonly change: readonly [from: string, to: string];
  /** What is foreseen. None: the change does no harm. */
  readonly codes: readonly ForecastCode[];
  /** Other objects of the cluster, applied before. */
  readonly related?: string;
  /** What its controllers have written of it: YAML of `status`. */
  readonly status?: string;
  /** The path and the value that is waited for, where a controller of the cluster is to write it. */
  readonly until?: readonly [path: string, value: string];
  /** Who applied it. Default: we did. */
  readonly by?: string;
  /** Can be told only of a live object as the API server gives it, with its defaults and the owners of its fields. */
  readonly liveOnly?: boolean;
}

/** Whether two renders of the object tell it, without a cluster. */
export function isOfItself({ related, status, by }: ForecastCase): boolean {
  return related === undefined && status === undefined && by === undefined;
}

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: deployment, namespace: forecast }
spec:
  replicas: 0
  selector: { matchLabels: { app: a, tier: web } }
  template:
    metadata: { labels: { app: a, tier: web, other: b } }
    spec: { containers: [{ name: main, image: a, resources: { limits: { memory: 1Gi } } }] }
`;

const STATEFUL_SET = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: stateful, namespace: forecast }
spec:
  replicas: 0
  serviceName: a
  podManagementPolicy: Parallel
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a, other: b } }
    spec: { containers: [{ name: main, image: a }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

const workloads: ForecastCase[] = [
  {
    title: 'a Deployment, another selector',
    live: DEPLOYMENT,
    change: [
      'selector: { matchLabels: { app: a, tier: web } }',
      'selector: { matchLabels: { app: a, other: b } }',
    ],
    codes: ['workload-selector'],
  },
  {
    title: 'a Deployment, a selector with one label less',
    live: DEPLOYMENT,
    change: [
      'selector: { matchLabels: { app: a, tier: web } }',
      'selector: { matchLabels: { app: a } }',
    ],
    codes: ['workload-selector'],
  },
  {
    title: 'a Deployment, the same selector in other words',
    live: DEPLOYMENT,
    change: [
      'selector: { matchLabels: { app: a, tier: web } }',
      'selector: { matchExpressions: [], matchLabels: { tier: web, app: a } }',
    ],
    codes: [],
  },
  {
    title: 'a Deployment, another image, more memory, another strategy',
    live: DEPLOYMENT,
    change: [
      'image: a, resources: { limits: { memory: 1Gi } }',
      'image: b, resources: { limits: { memory: 2Gi } }',
    ],
    codes: [],
  },
  {
    title: 'a DaemonSet, another selector',
    live: DEPLOYMENT.replace('Deployment', 'DaemonSet').replace('  replicas: 0\n', ''),
    change: [
      'selector: { matchLabels: { app: a, tier: web } }',
      'selector: { matchLabels: { app: a, other: b } }',
    ],
    codes: ['workload-selector'],
  },
  {
    title: 'a DaemonSet, another image',
    live: DEPLOYMENT.replace('Deployment', 'DaemonSet').replace('  replicas: 0\n', ''),
    change: ['image: a', 'image: b'],
    codes: [],
  },
  {
    title: 'a ReplicaSet, another selector',
    live: DEPLOYMENT.replace('Deployment', 'ReplicaSet'),
    change: [
      'selector: { matchLabels: { app: a, tier: web } }',
      'selector: { matchLabels: { app: a, other: b } }',
    ],
    codes: ['workload-selector'],
  },
  {
    title: 'a ReplicationController, another selector, which may change',
    live: `
apiVersion: v1
kind: ReplicationController
metadata: { name: controller, namespace: forecast }
spec:
  replicas: 0
  selector: { app: a }
  template:
    metadata: { labels: { app: a, other: b } }
    spec: { containers: [{ name: main, image: a }] }
`,
    change: ['selector: { app: a }', 'selector: { other: b }'],
    codes: [],
  },
  {
    title: 'a StatefulSet, another selector',
    live: STATEFUL_SET,
    change: ['selector: { matchLabels: { app: a } }', 'selector: { matchLabels: { other: b } }'],
    codes: ['workload-selector'],
  },
  {
    title: 'a StatefulSet, another service',
    live: STATEFUL_SET,
    change: ['serviceName: a', 'serviceName: b'],
    codes: ['stateful-set-spec'],
  },
  {
    title: 'a StatefulSet, another order of its pods',
    live: STATEFUL_SET,
    change: ['podManagementPolicy: Parallel', 'podManagementPolicy: OrderedReady'],
    codes: ['stateful-set-spec'],
  },
  {
    title: 'a StatefulSet, the order of its pods left out again',
    live: STATEFUL_SET,
    change: ['  podManagementPolicy: Parallel\n', ''],
    codes: ['stateful-set-spec'],
    liveOnly: true,
  },
  {
    title: 'a StatefulSet, the usual order of its pods left out',
    live: STATEFUL_SET.replace('Parallel', 'OrderedReady'),
    change: ['  podManagementPolicy: OrderedReady\n', ''],
    codes: [],
  },
  {
    title: 'a StatefulSet, larger volumes',
    live: STATEFUL_SET,
    change: ['storage: 1Gi', 'storage: 2Gi'],
    codes: ['stateful-set-spec'],
  },
  {
    title: 'a StatefulSet, volumes of the same size in other words, with defaults',
    live: STATEFUL_SET,
    change: [
      'spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }',
      'spec: { volumeMode: Filesystem, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1024Mi } } }',
    ],
    codes: [],
  },
  {
    title: 'a StatefulSet, a label on its volumes',
    live: STATEFUL_SET,
    change: ['metadata: { name: data }', 'metadata: { name: data, labels: { a: b } }'],
    codes: ['stateful-set-spec'],
  },
  {
    title: 'a StatefulSet, its volumes left out',
    live: STATEFUL_SET,
    change: [STATEFUL_SET.slice(STATEFUL_SET.indexOf('  volumeClaimTemplates')), ''],
    codes: ['stateful-set-spec'],
    liveOnly: true,
  },
  {
    title: 'a StatefulSet, what may change',
    live: STATEFUL_SET,
    change: [
      'replicas: 0',
      'replicas: 1\n  minReadySeconds: 5\n  revisionHistoryLimit: 2\n  ordinals: { start: 1 }\n  updateStrategy: { rollingUpdate: { partition: 1 } }\n  persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete }',
    ],
    codes: [],
  },
  {
    title: 'a ControllerRevision, other data',
    live: `
apiVersion: apps/v1
kind: ControllerRevision
metadata: { name: revision, namespace: forecast }
revision: 1
data: { a: b }
`,
    change: ['data: { a: b }', 'data: { a: c }'],
    codes: ['controller-revision'],
  },
  {
    title: 'a ControllerRevision, a later one',
    live: `
apiVersion: apps/v1
kind: ControllerRevision
metadata: { name: revision, namespace: forecast }
revision: 1
data: { a: b }
`,
    change: ['revision: 1', 'revision: 2'],
    codes: [],
  },
];

const strategies: ForecastCase[] = [
  {
    title: 'a Deployment, all pods at once, over the usual strategy',
    live: DEPLOYMENT,
    change: ['replicas: 0', 'replicas: 0\n  strategy: { type: Recreate }'],
    codes: ['strategy-left-over'],
    liveOnly: true,
  },
  {
    title: 'a Deployment, all pods at once, and a null that takes nothing away',
    live: DEPLOYMENT,
    change: ['replicas: 0', 'replicas: 0\n  strategy: { type: Recreate, rollingUpdate: null }'],
    codes: ['strategy-left-over'],
    liveOnly: true,
  },
  {
    title: 'a Deployment, all pods at once, over a strategy of ours',
    live: DEPLOYMENT.replace(
      'replicas: 0',
      'replicas: 0\n  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1 } }',
    ),
    change: ['{ type: RollingUpdate, rollingUpdate: { maxSurge: 1 } }', '{ type: Recreate }'],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Deployment, pod by pod again',
    live: DEPLOYMENT.replace('replicas: 0', 'replicas: 0\n  strategy: { type: Recreate }'),
    change: ['{ type: Recreate }', '{ type: RollingUpdate }'],
    codes: [],
  },
  {
    title: 'a DaemonSet whose pods somebody is to delete',
    live: DEPLOYMENT.replace('Deployment', 'DaemonSet').replace('  replicas: 0\n', ''),
    change: ['spec:\n', 'spec:\n  updateStrategy: { type: OnDelete }\n'],
    codes: [],
  },
  {
    title: 'a StatefulSet whose pods somebody is to delete',
    live: STATEFUL_SET,
    change: ['replicas: 0', 'replicas: 0\n  updateStrategy: { type: OnDelete }'],
    codes: ['strategy-left-over'],
    liveOnly: true,
  },
  {
    title: 'a StatefulSet whose pods somebody is to delete, and a null that takes nothing away',
    live: STATEFUL_SET,
    change: [
      'replicas: 0',
      'replicas: 0\n  updateStrategy: { type: OnDelete, rollingUpdate: null }',
    ],
    codes: ['strategy-left-over'],
    liveOnly: true,
  },
];

const PORTS = DEPLOYMENT.replace(
  'image: a,',
  'image: a, ports: [{ name: http, containerPort: 80 }],',
);
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: adopted, namespace: forecast }
spec:
  ports: [{ name: http, port: 80, targetPort: 80 }]
`;

const adopted: ForecastCase[] = [
  {
    title: 'a Service of another, another port of the same name',
    live: SERVICE,
    by: 'another',
    change: ['port: 80,', 'port: 81,'],
    codes: ['item-left-over'],
    liveOnly: true,
  },
  {
    title: 'a Service of ours, another port of the same name',
    live: SERVICE,
    change: ['port: 80,', 'port: 81,'],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Service of another, another port of another name',
    live: SERVICE,
    by: 'another',
    change: ['name: http, port: 80,', 'name: other, port: 81,'],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Deployment of another, another port of the same name',
    live: PORTS,
    by: 'another',
    change: ['containerPort: 80', 'containerPort: 81'],
    codes: ['item-left-over'],
    liveOnly: true,
  },
  {
    title: 'a Deployment of ours, another port of the same name',
    live: PORTS,
    change: ['containerPort: 80', 'containerPort: 81'],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Deployment of another, all pods at once',
    live: DEPLOYMENT.replace(
      'replicas: 0',
      'replicas: 0\n  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1 } }',
    ),
    by: 'another',
    change: ['{ type: RollingUpdate, rollingUpdate: { maxSurge: 1 } }', '{ type: Recreate }'],
    codes: ['strategy-left-over'],
  },
  {
    title: 'a StorageClass of another, a parameter less',
    live: '{ apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: { name: adopted }, provisioner: example.org, parameters: { a: b, c: d } }',
    by: 'another',
    change: [', c: d', ''],
    codes: [],
  },
];

const JOB = `
apiVersion: batch/v1
kind: Job
metadata: { name: job, namespace: forecast }
spec:
  parallelism: 2
  completions: 2
  template:
    metadata: { labels: { app: a } }
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 30
      nodeSelector: { nowhere: a }
      containers: [{ name: main, image: a, resources: { limits: { memory: 1Gi } }, ports: [{ containerPort: 80 }] }]
`;
const INDEXED = JOB.replace('completions: 2', 'completions: 2\n  completionMode: Indexed');
const SUSPENDED = JOB.replace('completions: 2', 'completions: 2\n  suspend: true');
// The controller has seen it.
const STARTED = { until: ['status.startTime', ''] } as const;
const WAITING = { until: ['status.conditions[0].type', 'Suspended'] } as const;

const jobs: ForecastCase[] = [
  {
    title: 'a Job, another image',
    live: JOB,
    change: ['image: a', 'image: b'],
    codes: ['job-template'],
    ...STARTED,
  },
  {
    title: 'a Job, a label on its pods',
    live: JOB,
    change: ['labels: { app: a }', 'labels: { app: a, other: b }'],
    codes: ['job-template'],
    ...STARTED,
  },
  {
    title: 'a Job, another node',
    live: JOB,
    change: ['nowhere: a', 'nowhere: b'],
    codes: ['job-template'],
    ...STARTED,
  },
  {
    title: 'a Job, its node left out',
    live: JOB,
    change: ['      nodeSelector: { nowhere: a }\n', ''],
    codes: ['job-template'],
    liveOnly: true,
    ...STARTED,
  },
  {
    title: 'a Job, its pods in other words, and a default left out',
    live: JOB,
    change: ['terminationGracePeriodSeconds: 30', 'dnsPolicy: ClusterFirst\n      volumes: []'],
    codes: [],
    ...STARTED,
  },
  {
    title: 'a Job, the same memory in other words, and a protocol that is the default',
    live: JOB,
    change: [
      'memory: 1Gi } }, ports: [{ containerPort: 80 }]',
      'memory: 1024Mi } }, ports: [{ containerPort: 80, protocol: TCP }]',
    ],
    codes: [],
    ...STARTED,
  },
  {
    title: 'a Job, more at a time, a deadline, a limit, suspended',
    live: JOB,
    change: [
      'parallelism: 2',
      'parallelism: 3\n  activeDeadlineSeconds: 600\n  backoffLimit: 3\n  suspend: true\n  ttlSecondsAfterFinished: 60',
    ],
    codes: [],
    ...STARTED,
  },
  {
    title: 'a Job, more completions',
    live: JOB,
    change: ['completions: 2', 'completions: 3'],
    codes: ['job-completions'],
    ...STARTED,
  },
  {
    title: 'a Job, its completions left out',
    live: JOB,
    change: ['  completions: 2\n', ''],
    codes: ['job-completions'],
    liveOnly: true,
    ...STARTED,
  },
  {
    title: 'an indexed Job, more completions, and as many at a time',
    live: INDEXED,
    change: ['parallelism: 2\n  completions: 2', 'parallelism: 3\n  completions: 3'],
    codes: [],
    ...STARTED,
  },
  {
    title: 'an indexed Job, more completions than at a time',
    live: INDEXED,
    change: ['completions: 2', 'completions: 3'],
    codes: ['job-completions'],
    ...STARTED,
  },
  {
    title: 'a Job that becomes indexed',
    live: JOB,
    change: ['completions: 2', 'completions: 2\n  completionMode: Indexed'],
    codes: ['job-spec'],
    ...STARTED,
  },
  {
    title: 'a Job that says that it is not indexed',
    live: JOB,
    change: ['completions: 2', 'completions: 2\n  completionMode: NonIndexed'],
    codes: [],
    ...STARTED,
  },
  {
    title: 'a Job, a policy for its failures',
    live: JOB,
    change: [
      'completions: 2',
      'completions: 2\n  podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }] }',
    ],
    codes: ['job-spec'],
    ...STARTED,
  },
  {
    title: 'an indexed Job, a limit per index',
    live: INDEXED,
    change: ['completions: 2', 'completions: 2\n  backoffLimitPerIndex: 1'],
    codes: ['job-spec'],
    ...STARTED,
  },
  {
    title: 'an indexed Job, a policy for its success',
    live: INDEXED,
    change: [
      'completions: 2',
      'completions: 2\n  successPolicy: { rules: [{ succeededCount: 1 }] }',
    ],
    codes: ['job-spec'],
    ...STARTED,
  },
  {
    title: 'a Job that another is to manage',
    live: JOB,
    change: ['completions: 2', 'completions: 2\n  managedBy: example.org/other'],
    codes: ['job-spec'],
    ...STARTED,
  },
  {
    title: 'a Job, a selector',
    live: JOB,
    change: ['completions: 2', 'completions: 2\n  selector: { matchLabels: { app: a } }'],
    codes: ['job-spec'],
    ...STARTED,
  },
  {
    title: 'a suspended Job, where its pods run, and what they need',
    live: SUSPENDED,
    change: [
      'nodeSelector: { nowhere: a }\n      containers: [{ name: main, image: a, resources: { limits: { memory: 1Gi } }',
      'nodeSelector: { nowhere: b }\n      tolerations: [{ key: a, operator: Exists }]\n      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: a, operator: Exists }] } }] } }\n      containers: [{ name: main, image: a, resources: { limits: { memory: 2Gi } }',
    ],
    codes: [],
    ...WAITING,
  },
  {
    title: 'a suspended Job, a label on its pods',
    live: SUSPENDED,
    change: ['labels: { app: a }', 'labels: { app: a, other: b }'],
    codes: [],
    ...WAITING,
  },
  {
    title: 'a suspended Job, another image',
    live: SUSPENDED,
    change: ['image: a', 'image: b'],
    codes: ['job-template'],
    ...WAITING,
  },
  {
    title: 'a suspended Job that starts',
    live: SUSPENDED,
    change: ['suspend: true', 'suspend: false'],
    codes: [],
    ...WAITING,
  },
  {
    title: 'a CronJob, anything',
    live: `
apiVersion: batch/v1
kind: CronJob
metadata: { name: cron, namespace: forecast }
spec:
  schedule: 1 1 1 1 *
  jobTemplate:
    spec:
      template:
        spec: { restartPolicy: Never, containers: [{ name: main, image: a }] }
`,
    change: ['image: a', 'image: b'],
    codes: [],
  },
];

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: pod, namespace: forecast, labels: { app: a } }
spec:
  activeDeadlineSeconds: 600
  nodeSelector: { nowhere: a }
  tolerations: [{ key: a, operator: Exists }]
  containers: [{ name: main, image: a, command: [x], resources: { limits: { memory: 1Gi } } }]
`;
const GATED = POD.replace('spec:\n', 'spec:\n  schedulingGates: [{ name: example.org/a }]\n');

const pods: ForecastCase[] = [
  { title: 'a Pod, another image', live: POD, change: ['image: a', 'image: b'], codes: [] },
  {
    title: 'a Pod, another label, and a shorter deadline',
    live: POD,
    change: [
      'labels: { app: a } }\nspec:\n  activeDeadlineSeconds: 600',
      'labels: { app: b } }\nspec:\n  activeDeadlineSeconds: 300',
    ],
    codes: [],
  },
  {
    title: 'a Pod, a longer deadline',
    live: POD,
    change: ['activeDeadlineSeconds: 600', 'activeDeadlineSeconds: 900'],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod, its deadline left out',
    live: POD,
    change: ['  activeDeadlineSeconds: 600\n', ''],
    codes: ['pod-spec'],
    liveOnly: true,
  },
  { title: 'a Pod, another command', live: POD, change: ['[x]', '[y]'], codes: ['pod-spec'] },
  {
    title: 'a Pod, more memory',
    live: POD,
    change: ['memory: 1Gi', 'memory: 2Gi'],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod, the same memory in other words',
    live: POD,
    change: ['memory: 1Gi', 'memory: 1024Mi'],
    codes: [],
  },
  {
    title: 'a Pod, another container',
    live: POD,
    change: ['containers: [', 'containers: [{ name: second, image: b }, '],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod, another node',
    live: POD,
    change: ['nowhere: a', 'nowhere: b'],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod, one more toleration',
    live: POD,
    change: ['tolerations: [', 'tolerations: [{ key: b, operator: Exists }, '],
    codes: [],
  },
  {
    title: 'a Pod, another toleration in its place',
    live: POD,
    change: ['{ key: a, operator: Exists }', '{ key: b, operator: Exists }'],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod that waits, with more to choose its node by, and free to go',
    live: GATED,
    change: [
      '  schedulingGates: [{ name: example.org/a }]\n  activeDeadlineSeconds: 600\n  nodeSelector: { nowhere: a }',
      '  activeDeadlineSeconds: 600\n  nodeSelector: { nowhere: a, no: b }',
    ],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Pod that waits, for another node',
    live: GATED,
    change: ['nowhere: a', 'nowhere: b'],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod that waits, for one thing more',
    live: GATED,
    change: ['schedulingGates: [', 'schedulingGates: [{ name: example.org/b }, '],
    codes: ['pod-spec'],
  },
  {
    title: 'a Pod that is to wait',
    live: POD,
    change: ['spec:\n', 'spec:\n  schedulingGates: [{ name: example.org/b }]\n'],
    codes: ['pod-spec'],
  },
];

function storage(name: string, options = ''): string {
  return `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: ${name} }
provisioner: kubernetes.io/no-provisioner
${options}
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec:
  storageClassName: ${name}
  accessModes: [ReadWriteOnce]
  capacity: { storage: 2Gi }
  persistentVolumeReclaimPolicy: Retain
  hostPath: { path: /tmp/a }
`;
}

function claim(name: string): string {
  return `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}, namespace: forecast }
spec:
  storageClassName: ${name}
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 2Gi } }
`;
}

const bound = (name: string, options = '') =>
  ({
    live: claim(name),
    related: storage(name, options),
    status: 'phase: Bound\ncapacity: { storage: 2Gi }',
    until: ['status.phase', 'Bound'],
  }) as const;

const VOLUME = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: volume }
spec:
  storageClassName: none
  accessModes: [ReadWriteOnce]
  capacity: { storage: 1Gi }
  persistentVolumeReclaimPolicy: Retain
  local: { path: /tmp/a }
  nodeAffinity:
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Exists }] }] }
`;
const PATH = VOLUME.slice(0, VOLUME.indexOf('  nodeAffinity')).replace('local', 'hostPath');

const CLASS = `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: class }
provisioner: example.org/a
parameters: { type: a, zone: b }
reclaimPolicy: Retain
volumeBindingMode: WaitForFirstConsumer
`;

const claims: ForecastCase[] = [
  {
    title: 'a claim, larger, where its class allows that',
    ...bound('grows', 'allowVolumeExpansion: true'),
    change: ['storage: 2Gi', 'storage: 3Gi'],
    codes: [],
  },
  {
    title: 'a claim, larger, where its class does not allow that',
    ...bound('stays'),
    change: ['storage: 2Gi', 'storage: 3Gi'],
    codes: ['claim-not-expandable'],
  },
  {
    title: 'a claim, larger, without a class',
    live: claim('plain').replace('storageClassName: plain', "storageClassName: ''"),
    related: storage('plain').replace('storageClassName: plain', "storageClassName: ''"),
    status: 'phase: Bound\ncapacity: { storage: 2Gi }',
    until: ['status.phase', 'Bound'],
    change: ['storage: 2Gi', 'storage: 3Gi'],
    codes: ['claim-not-expandable'],
  },
  {
    title: 'a claim, smaller',
    ...bound('shrinks', 'allowVolumeExpansion: true'),
    change: ['storage: 2Gi', 'storage: 1Gi'],
    codes: ['claim-shrinks'],
  },
  {
    title: 'a claim, with a default and a label',
    ...bound('same'),
    change: [
      'name: same, namespace: forecast }\nspec:\n',
      'name: same, namespace: forecast, labels: { a: b } }\nspec:\n  volumeMode: Filesystem\n',
    ],
    codes: [],
  },
  {
    title: 'a claim, of 2048Mi where it had 2Gi',
    ...bound('words'),
    change: ['storage: 2Gi', 'storage: 2048Mi'],
    codes: [],
  },
  {
    title: 'a claim, of another class',
    ...bound('classy'),
    change: ['storageClassName: classy', 'storageClassName: other'],
    codes: ['claim-spec'],
  },
  {
    title: 'a claim, for several nodes',
    ...bound('modes'),
    change: ['[ReadWriteOnce]', '[ReadWriteMany]'],
    codes: ['claim-spec'],
  },
  {
    title: 'a claim, of another volume',
    ...bound('volumes'),
    change: ['spec:\n', 'spec:\n  volumeName: other\n'],
    codes: ['claim-spec'],
    liveOnly: true,
  },
  {
    title: 'a claim, of the volume that it has',
    ...bound('named'),
    change: ['spec:\n', 'spec:\n  volumeName: named\n'],
    codes: [],
  },
  {
    title: 'a claim, as a device',
    ...bound('device'),
    change: ['spec:\n', 'spec:\n  volumeMode: Block\n'],
    codes: ['claim-spec'],
  },
  {
    title: 'a claim, of volumes with a label',
    ...bound('labelled'),
    change: ['spec:\n', 'spec:\n  selector: { matchLabels: { a: b } }\n'],
    codes: ['claim-spec'],
  },
  {
    title: 'a claim that waits, larger',
    live: claim('waits'),
    until: ['status.phase', 'Pending'],
    status: 'phase: Pending',
    change: ['storage: 2Gi', 'storage: 3Gi'],
    codes: ['claim-spec'],
  },
  {
    title: 'a claim that waits, smaller',
    live: claim('waits'),
    until: ['status.phase', 'Pending'],
    status: 'phase: Pending',
    change: ['storage: 2Gi', 'storage: 1Gi'],
    codes: ['claim-spec'],
  },
  {
    title: 'a claim that waits, of a volume',
    live: claim('waits'),
    until: ['status.phase', 'Pending'],
    status: 'phase: Pending',
    change: ['spec:\n', 'spec:\n  volumeName: other\n'],
    codes: [],
  },
];

const volumes: ForecastCase[] = [
  {
    title: 'a volume, elsewhere',
    live: VOLUME,
    change: ['path: /tmp/a', 'path: /tmp/b'],
    codes: ['volume-spec'],
  },
  {
    title: 'a volume, of another sort',
    live: PATH,
    change: ['hostPath: { path: /tmp/a }', 'nfs: { server: a, path: /a }'],
    codes: ['volume-spec', 'volume-spec'],
    liveOnly: true,
  },
  {
    title: 'a volume, with a default',
    live: PATH,
    change: [
      'hostPath: { path: /tmp/a }',
      "hostPath: { path: /tmp/a, type: '' }\n  volumeMode: Filesystem",
    ],
    codes: [],
  },
  {
    title: 'a volume, as a device',
    live: PATH,
    change: ['hostPath:', 'volumeMode: Block\n  hostPath:'],
    codes: ['volume-spec'],
  },
  {
    title: 'a volume, on another node',
    live: VOLUME,
    change: ['key: a', 'key: b'],
    codes: ['volume-spec'],
  },
  {
    title: 'a volume, for the first time on a node',
    live: PATH,
    change: [
      'hostPath:',
      'nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Exists }] }] } }\n  hostPath:',
    ],
    codes: [],
  },
  {
    title: 'a volume, larger, of another class, kept otherwise, for a claim',
    live: PATH,
    change: [
      'storageClassName: none\n  accessModes: [ReadWriteOnce]\n  capacity: { storage: 1Gi }\n  persistentVolumeReclaimPolicy: Retain',
      'storageClassName: other\n  accessModes: [ReadWriteMany]\n  capacity: { storage: 2Gi }\n  persistentVolumeReclaimPolicy: Delete\n  claimRef: { namespace: forecast, name: nobody }',
    ],
    codes: [],
  },
  {
    title: 'a StorageClass, of another provisioner',
    live: CLASS,
    change: ['provisioner: example.org/a', 'provisioner: example.org/b'],
    codes: ['storage-class'],
  },
  {
    title: 'a StorageClass, with another parameter',
    live: CLASS,
    change: ['type: a', 'type: b'],
    codes: ['storage-class'],
  },
  {
    title: 'a StorageClass, with a parameter less',
    live: CLASS,
    change: ['{ type: a, zone: b }', '{ type: a }'],
    codes: ['storage-class'],
    liveOnly: true,
  },
  {
    title: 'a StorageClass, another thing to do with volumes that are given back',
    live: CLASS,
    change: ['reclaimPolicy: Retain', 'reclaimPolicy: Delete'],
    codes: ['storage-class'],
  },
  {
    title: 'a StorageClass, its policy left out',
    live: CLASS,
    change: ['reclaimPolicy: Retain\n', ''],
    codes: ['storage-class'],
    liveOnly: true,
  },
  {
    title: 'a StorageClass, at once',
    live: CLASS,
    change: ['WaitForFirstConsumer', 'Immediate'],
    codes: ['storage-class'],
  },
  {
    title: 'a StorageClass whose volumes may grow, with a mount option, as the default',
    live: CLASS,
    change: [
      'metadata: { name: class }\n',
      'metadata: { name: class, annotations: { storageclass.kubernetes.io/is-default-class: "false" } }\nallowVolumeExpansion: true\nmountOptions: [ro]\n',
    ],
    codes: [],
  },
  {
    title: 'a VolumeAttributesClass, another parameter',
    live: '{ apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass, metadata: { name: attributes }, driverName: example.org, parameters: { a: b } }',
    change: ['a: b', 'a: c'],
    codes: ['storage-class'],
  },
  {
    title: 'a CSIDriver that is attached no more',
    live: '{ apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: { name: example.org }, spec: { attachRequired: true } }',
    change: ['attachRequired: true', 'attachRequired: false'],
    codes: ['csi-driver'],
  },
  {
    title: 'a CSIDriver that is told about pods',
    live: '{ apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: { name: example.org }, spec: { attachRequired: true } }',
    change: ['attachRequired: true', 'attachRequired: true, podInfoOnMount: true'],
    codes: [],
  },
];

function service(name: string, spec: string): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: forecast }
spec:
  selector: { app: a }
  ports: [{ name: http, port: 80 }]
${spec}`;
}

// Within the addresses that kube-apiserver gives Services by default.
const ADDRESS = '10.0.0.77';
const PLAIN = { live: service('plain', '  type: ClusterIP\n'), status: '' } as const;

const services: ForecastCase[] = [
  {
    title: 'a Service, another address',
    live: service('fixed', `  type: ClusterIP\n  clusterIP: ${ADDRESS}\n`),
    change: [ADDRESS, '10.0.0.78'],
    codes: ['service-address'],
  },
  {
    title: 'a Service, its address left to Kubernetes',
    live: service('fixed', `  type: ClusterIP\n  clusterIP: ${ADDRESS}\n`),
    change: [`  clusterIP: ${ADDRESS}\n`, ''],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Service, without an address',
    live: service('fixed', `  type: ClusterIP\n  clusterIP: ${ADDRESS}\n`),
    change: [ADDRESS, 'None'],
    codes: ['service-address'],
  },
  {
    title: 'a Service without an address, that is to have one',
    live: service('headless', '  type: ClusterIP\n  clusterIP: None\n'),
    change: ['None', ADDRESS],
    codes: ['service-address'],
  },
  {
    title: 'a Service without an address, that does not say so any more',
    live: service('headless', '  type: ClusterIP\n  clusterIP: None\n'),
    change: ['  clusterIP: None\n', ''],
    codes: [],
    liveOnly: true,
  },
  {
    title: 'a Service without an address, for a node port',
    live: service('headless', '  type: ClusterIP\n  clusterIP: None\n'),
    change: [
      '  type: ClusterIP\n  clusterIP: None\n',
      `  type: NodePort\n  clusterIP: ${ADDRESS}\n`,
    ],
    codes: ['service-address'],
  },
  {
    title: 'a Service, with a node port, another port and another selector',
    live: PLAIN.live,
    change: [
      'selector: { app: a }\n  ports: [{ name: http, port: 80 }]\n  type: ClusterIP',
      'selector: { app: b }\n  ports: [{ name: http, port: 81 }]\n  type: NodePort',
    ],
    codes: [],
  },
  {
    title: 'a Service, a name of another place',
    live: PLAIN.live,
    change: ['type: ClusterIP', 'type: ExternalName\n  externalName: example.org'],
    codes: [],
  },
  {
    title: 'a Service that was a name of another place',
    live: service('elsewhere', '  type: ExternalName\n  externalName: example.org\n'),
    change: ['  type: ExternalName\n  externalName: example.org\n', '  type: ClusterIP\n'],
    codes: [],
  },
  {
    title: 'a Service that was a name of another place, with an address',
    live: service('elsewhere', '  type: ExternalName\n  externalName: example.org\n'),
    change: [
      '  type: ExternalName\n  externalName: example.org\n',
      `  type: ClusterIP\n  clusterIP: 10.0.0.79\n`,
    ],
    codes: [],
  },
  {
    title: 'a Service, its type left out',
    live: service('typed', '  type: NodePort\n'),
    change: ['  type: NodePort\n', ''],
    codes: [],
  },
  {
    title: 'a Service, of another family',
    live: service('family', '  type: ClusterIP\n  ipFamilies: [IPv4]\n'),
    change: ['IPv4', 'IPv6'],
    codes: ['service-address'],
  },
  {
    title: 'a load balancer, of another class',
    live: service('balancer', '  type: LoadBalancer\n  loadBalancerClass: example.org/a\n'),
    change: ['example.org/a', 'example.org/b'],
    codes: ['service-load-balancer'],
  },
  {
    title: 'a load balancer, its class left out',
    live: service('balancer', '  type: LoadBalancer\n  loadBalancerClass: example.org/a\n'),
    change: ['  loadBalancerClass: example.org/a\n', ''],
    codes: ['service-load-balancer'],
    liveOnly: true,
  },
  {
    title: 'a load balancer that is none any more',
    live: service('balancer', '  type: LoadBalancer\n  loadBalancerClass: example.org/a\n'),
    change: ['  type: LoadBalancer\n  loadBalancerClass: example.org/a\n', '  type: ClusterIP\n'],
    codes: [],
  },
  {
    title: 'a load balancer, another port for its checks',
    live: service(
      'local',
      '  type: LoadBalancer\n  externalTrafficPolicy: Local\n  healthCheckNodePort: 31234\n',
    ),
    change: ['31234', '31235'],
    codes: ['service-load-balancer'],
  },
  {
    title: 'a load balancer, its port for checks left to Kubernetes',
    live: service(
      'local',
      '  type: LoadBalancer\n  externalTrafficPolicy: Local\n  healthCheckNodePort: 31234\n',
    ),
    change: ['  healthCheckNodePort: 31234\n', ''],
    codes: [],
  },
];

const data: ForecastCase[] = [
  {
    title: 'a Secret, of another type',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: typed, namespace: forecast }, type: Opaque, data: { a: Yg== } }',
    change: ['type: Opaque', 'type: example.org/a'],
    codes: ['secret-type'],
  },
  {
    title: 'a Secret, its type left out',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: typed, namespace: forecast }, type: example.org/a, data: { a: Yg== } }',
    change: ['type: example.org/a, ', ''],
    codes: ['secret-type'],
    liveOnly: true,
  },
  {
    title: 'a Secret, the usual type left out, and another value',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: typed, namespace: forecast }, type: Opaque, data: { a: Yg== } }',
    change: ['type: Opaque, data: { a: Yg== }', 'data: { a: Yw== }'],
    codes: [],
  },
  {
    title: 'an immutable Secret, another value',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: Yg== } }',
    change: ['Yg==', 'Yw=='],
    codes: ['immutable-data'],
  },
  {
    title: 'an immutable Secret, another key',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: Yg== } }',
    change: ['a: Yg==', 'a: Yg==, b: Yg=='],
    codes: ['immutable-data'],
  },
  {
    title: 'an immutable Secret, the same value in plain text',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: Yg== } }',
    change: ['data: { a: Yg== }', 'data: { a: Yg== }, stringData: { a: b }'],
    codes: [],
  },
  {
    title: 'an immutable Secret, another value in plain text',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: Yg== } }',
    change: ['data: { a: Yg== }', 'data: { a: Yg== }, stringData: { a: c }'],
    codes: ['immutable-data'],
  },
  {
    title: 'an immutable Secret, a label',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: Yg== } }',
    change: ['namespace: forecast }', 'namespace: forecast, labels: { a: b } }'],
    codes: [],
  },
  {
    title: 'a Secret that becomes immutable',
    live: '{ apiVersion: v1, kind: Secret, metadata: { name: open, namespace: forecast }, data: { a: Yg== } }',
    change: ['data: { a: Yg== }', 'immutable: true, data: { a: Yw== }'],
    codes: [],
  },
  {
    title: 'an immutable ConfigMap, another value',
    live: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: b } }',
    change: ['a: b', 'a: c'],
    codes: ['immutable-data'],
  },
  {
    title: 'an immutable ConfigMap, a key left out',
    live: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: b, c: d } }',
    change: [', c: d', ''],
    codes: ['immutable-data'],
    liveOnly: true,
  },
  {
    title: 'an immutable ConfigMap that is none any more',
    live: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: b } }',
    change: ['immutable: true', 'immutable: false'],
    codes: ['immutable-data'],
  },
  {
    title: 'an immutable ConfigMap that does not say so any more',
    live: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: b } }',
    change: ['immutable: true, ', ''],
    codes: ['immutable-data'],
    liveOnly: true,
  },
  {
    title: 'an immutable ConfigMap, the same value in base64',
    live: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: fixed, namespace: forecast }, immutable: true, data: { a: b } }',
    change: ['data: { a: b }', 'binaryData: { a: Yg== }'],
    codes: ['immutable-data'],
    liveOnly: true,
  },
  {
    title: 'a ConfigMap, anything',
    live: '{ apiVersion: v1, kind: ConfigMap, metadata: { name: open, namespace: forecast }, data: { a: b } }',
    change: ['a: b', 'a: c, d: e'],
    codes: [],
  },
];

const ROLE_REF = 'roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }';
const SUBJECTS = 'subjects: [{ kind: ServiceAccount, name: a, namespace: forecast }]';

const classes: ForecastCase[] = [
  {
    title: 'a RoleBinding, to another role',
    live: `{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: binding, namespace: forecast }, ${ROLE_REF}, ${SUBJECTS} }`,
    change: ['name: view', 'name: edit'],
    codes: ['role-ref'],
  },
  {
    title: 'a RoleBinding, for another',
    live: `{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: binding, namespace: forecast }, ${ROLE_REF}, ${SUBJECTS} }`,
    change: ['name: a,', 'name: b,'],
    codes: [],
  },
  {
    title: 'a RoleBinding, the group of its role left out',
    live: `{ apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: { name: binding, namespace: forecast }, ${ROLE_REF}, ${SUBJECTS} }`,
    change: ['apiGroup: rbac.authorization.k8s.io, ', ''],
    codes: [],
  },
  {
    title: 'a ClusterRoleBinding, to another role',
    live: `{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: { name: forecast-binding }, ${ROLE_REF}, ${SUBJECTS} }`,
    change: ['name: view', 'name: edit'],
    codes: ['role-ref'],
  },
  {
    title: 'a PriorityClass, of another value',
    live: '{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: priority }, value: 5, preemptionPolicy: Never }',
    change: ['value: 5', 'value: 6'],
    codes: ['priority-class'],
  },
  {
    title: 'a PriorityClass that makes others go',
    live: '{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: priority }, value: 5, preemptionPolicy: Never }',
    change: ['Never', 'PreemptLowerPriority'],
    codes: ['priority-class'],
  },
  {
    title: 'a PriorityClass, its policy left out',
    live: '{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: priority }, value: 5, preemptionPolicy: Never }',
    change: [', preemptionPolicy: Never', ''],
    codes: ['priority-class'],
    liveOnly: true,
  },
  {
    title: 'a PriorityClass, another description, as the default',
    live: '{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: priority }, value: 5, description: a }',
    change: ['description: a', 'description: b, globalDefault: true'],
    codes: [],
  },
  {
    title: 'a PriorityClass, as the second default',
    live: '{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: priority }, value: 5, description: a }',
    related:
      '{ apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: { name: first-default }, value: 1, globalDefault: true }',
    change: ['description: a', 'globalDefault: true'],
    codes: ['priority-class-default'],
  },
  {
    title: 'an IngressClass, of another controller',
    live: '{ apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: { name: ingress }, spec: { controller: example.org/a } }',
    change: ['example.org/a', 'example.org/b'],
    codes: ['ingress-class-controller'],
  },
  {
    title: 'an IngressClass, with parameters',
    live: '{ apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: { name: ingress }, spec: { controller: example.org/a } }',
    change: ['example.org/a', 'example.org/a, parameters: { kind: ConfigMap, name: a }'],
    codes: [],
  },
  {
    title: 'a RuntimeClass, of another handler',
    live: '{ apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: { name: runtime }, handler: a }',
    change: ['handler: a', 'handler: b'],
    codes: ['runtime-class-handler'],
  },
  {
    title: 'a RuntimeClass, another overhead',
    live: '{ apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: { name: runtime }, handler: a }',
    change: ['handler: a', 'handler: a, overhead: { podFixed: { cpu: 100m } }'],
    codes: [],
  },
  {
    title: 'an EndpointSlice, of another type',
    live: '{ apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: { name: slice, namespace: forecast }, addressType: IPv4, endpoints: [] }',
    change: ['IPv4', 'IPv6'],
    codes: ['endpoint-slice-type'],
  },
  {
    title: 'a ResourceQuota, with scopes',
    live: '{ apiVersion: v1, kind: ResourceQuota, metadata: { name: quota, namespace: forecast }, spec: { hard: { pods: 100 }, scopes: [BestEffort] } }',
    change: ['[BestEffort]', '[NotBestEffort]'],
    codes: ['quota-scopes'],
  },
  {
    title: 'a ResourceQuota, another limit',
    live: '{ apiVersion: v1, kind: ResourceQuota, metadata: { name: quota, namespace: forecast }, spec: { hard: { pods: 100 }, scopes: [BestEffort] } }',
    change: ['pods: 100', 'pods: 99'],
    codes: [],
  },
  {
    title: 'a PodDisruptionBudget, of other pods, and how many may go',
    live: '{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: budget, namespace: forecast }, spec: { minAvailable: 1, selector: { matchLabels: { app: a } } } }',
    change: [
      'minAvailable: 1, selector: { matchLabels: { app: a } }',
      'maxUnavailable: 1, selector: { matchLabels: { app: b } }',
    ],
    codes: [],
  },
  {
    title: 'an Ingress, of another class and another host',
    live: '{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: ingress, namespace: forecast }, spec: { ingressClassName: a, defaultBackend: { service: { name: a, port: { number: 80 } } } } }',
    change: ['ingressClassName: a', 'ingressClassName: b'],
    codes: [],
  },
  {
    title: 'a ServiceAccount, anything',
    live: '{ apiVersion: v1, kind: ServiceAccount, metadata: { name: account, namespace: forecast }, automountServiceAccountToken: true }',
    change: [
      'namespace: forecast }, automountServiceAccountToken: true',
      'namespace: forecast, labels: { a: b } }, automountServiceAccountToken: false',
    ],
    codes: [],
  },
];

const version = (name: string, flags: string) =>
  `{ name: ${name}, ${flags}, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }`;

function definition(plural: string, versions: string, rest = ''): string {
  const kind = `${plural.slice(0, 1).toUpperCase()}${plural.slice(1, -1)}`;
  return `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${plural}.example.org }
spec:
  group: example.org
  scope: Namespaced
  names: { kind: ${kind}, plural: ${plural}, singular: ${plural.slice(0, -1)}, shortNames: [] }
  ${rest}
  versions:
${versions}
`;
}

const TWO = `    - ${version('v1', 'served: true, storage: true')}
    - ${version('v2', 'served: true, storage: false')}`;
const ESTABLISHED = {
  status:
    'storedVersions: [v1]\nconditions: [{ type: NamesAccepted, status: "True" }, { type: Established, status: "True" }]',
  until: ['status.conditions[1].status', 'True'],
} as const;

const definitions: ForecastCase[] = [
  {
    title: 'a definition, of another scope',
    live: definition('apples', TWO),
    change: ['scope: Namespaced', 'scope: Cluster'],
    codes: ['definition-names'],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, of another kind',
    live: definition('apples', TWO),
    change: ['kind: Apple,', 'kind: Pear,'],
    codes: ['definition-names'],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, of another group',
    live: definition('apples', TWO),
    change: ['group: example.org', 'group: other.example.org'],
    codes: ['definition-names'],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, of another plural',
    live: definition('apples', TWO),
    change: ['plural: apples', 'plural: pears'],
    codes: ['definition-names'],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, another singular and a short name',
    live: definition('apples', TWO),
    change: ['singular: apple, shortNames: []', 'singular: malus, shortNames: [ap]'],
    codes: [],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, without the version that objects are stored in',
    live: definition('apples', TWO),
    change: [TWO, `    - ${version('v2', 'served: true, storage: true')}`],
    codes: ['definition-stored-version'],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, without a version that nothing is stored in',
    live: definition('apples', TWO),
    change: [`\n    - ${version('v2', 'served: true, storage: false')}`, ''],
    codes: [],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, stored in the other version from now on',
    live: definition('apples', TWO),
    change: [
      TWO,
      TWO.replace('storage: true', 'storage: x')
        .replace('storage: false', 'storage: true')
        .replace('storage: x', 'storage: false'),
    ],
    codes: [],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, with one version more',
    live: definition('apples', TWO),
    change: [TWO, `${TWO}\n    - ${version('v3', 'served: true, storage: false')}`],
    codes: [],
    ...ESTABLISHED,
  },
  {
    title: 'a definition, whose stored version is no longer served, used by nobody',
    live: definition('apples', TWO),
    change: [
      version('v1', 'served: true, storage: true'),
      version('v1', 'served: false, storage: true'),
    ],
    codes: [],
    ...ESTABLISHED,
  },
];

export const FORECAST_CASES: readonly ForecastCase[] = [
  ...workloads,
  ...strategies,
  ...adopted,
  ...jobs,
  ...pods,
  ...claims,
  ...volumes,
  ...services,
  ...data,
  ...classes,
  ...definitions,
];
