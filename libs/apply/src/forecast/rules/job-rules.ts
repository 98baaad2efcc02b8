import { type Fields, fields, items } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { without } from '../../without.ts';
import { type Defaults, differences, withDefaults } from '../differences.ts';
import { POD_DEFAULTS } from '../pod-defaults.ts';
import { type Change, deleteFirst, immutable, type Rule, valueAt } from './rule.ts';

const BATCH = 'pkg/apis/batch/validation/validation.go';
const KINDS = ['batch/Job'];
const LOSES = 'its pods with their logs, and what is known of its run';

const DEFAULTS: Defaults = [
  ['spec.completionMode', 'NonIndexed'],
  ['spec.podFailurePolicy.rules[].onPodConditions[].status', 'True'],
];

const runsAgain = (change: Change) => `${deleteFirst(change)}: it runs again from the start`;

export const JOB_RULES: readonly Rule[] = [
  immutable({
    kinds: KINDS,
    source: `${BATCH}: ValidateJobSpecUpdate`,
    code: 'job-spec',
    fields: [
      'spec.backoffLimitPerIndex',
      'spec.completionMode',
      'spec.managedBy',
      'spec.podFailurePolicy',
      'spec.selector',
      'spec.successPolicy',
    ],
    defaults: DEFAULTS,
    remedy: runsAgain,
    loses: LOSES,
  }),
  {
    kinds: KINDS,
    source: `${BATCH}: validateCompletions`,
    *changed(change) {
      const [before, after] = [change.live, change.after].map(completions);
      if (before === undefined || after === undefined || before.count === after.count) return;
      const isElastic = after.isIndexed && after.count === after.parallelism;
      if (isElastic) return;
      yield {
        code: 'job-completions',
        path: 'spec.completions',
        message: after.isIndexed
          ? 'spec.completions can be changed only together with spec.parallelism, to the same number'
          : 'spec.completions cannot be changed',
        remedy: after.isIndexed
          ? 'Set spec.parallelism to the same number, or delete the Job by hand'
          : runsAgain(change),
        loses: LOSES,
        refused: true,
      };
    },
  },
  {
    kinds: KINDS,
    source: `${BATCH}: validatePodTemplateUpdate; pkg/registry/batch/job/strategy.go: shouldAllowMutablePodTemplate`,
    *changed(change) {
      const isOpen = mayStillChange(change.live);
      const [before, after] = [change.live, change.after].map((job) => templateOf(job, isOpen));
      const differing = differences(before, after);
      if (differing.length === 0) return;
      const where = `spec.template${differing.length === 1 ? (differing[0] ?? '') : ''}`;
      yield {
        code: 'job-template',
        path: where,
        message: `${where} cannot be changed: a Job keeps the pods that it started with`,
        remedy: runsAgain(change),
        loses: LOSES,
        refused: true,
      };
    },
  },
];

// Absent completions and parallelism are one of each; absent completions alone are any number.
function completions(job: KubernetesObject) {
  const { completions, parallelism, completionMode } = fields(job['spec']);
  const count = completions ?? (parallelism === undefined ? 1 : undefined);
  return { count, parallelism: parallelism ?? 1, isIndexed: completionMode === 'Indexed' };
}

// A Job that is suspended, and has no pods.
function mayStillChange(job: KubernetesObject): boolean {
  const { startTime, conditions, active = 0 } = fields(job['status']);
  const isSuspended = items(conditions).some(
    ({ type, status }) => type === 'Suspended' && status === 'True',
  );
  const isWaiting = startTime === undefined || startTime === null || isSuspended;
  return valueAt(job, 'spec.suspend') === true && isWaiting && active === 0;
}

// What the API server put there, and what goes when a manifest that had labels has none any more.
const GIVEN_LABELS = new Set([
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'controller-uid',
  'job-name',
]);

// Without what may change while the Job waits: where its pods run, what they need, and how we label them.
function templateOf(job: KubernetesObject, isOpen: boolean): Fields {
  const { metadata, spec } = fields(valueAt(job, 'spec.template'));
  const filled = fields(withDefaults(spec, POD_DEFAULTS));
  if (!isOpen) return { metadata: without(fields(metadata), 'creationTimestamp'), spec: filled };
  const withoutResources = (list: unknown) => items(list).map((each) => without(each, 'resources'));
  const { labels } = fields(metadata);
  const given = Object.entries(fields(labels)).filter(([name]) => GIVEN_LABELS.has(name));
  return {
    metadata: { labels: Object.fromEntries(given) },
    spec: {
      ...without(filled, 'nodeSelector', 'tolerations', 'schedulingGates'),
      affinity: without(fields(filled['affinity']), 'nodeAffinity'),
      containers: withoutResources(filled['containers']),
      initContainers: withoutResources(filled['initContainers']),
    },
  };
}
