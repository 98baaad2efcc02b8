import { fields, items } from '../../fields.ts';
import { describe } from '../../object-reference.ts';
import { type Change, deleteCommand, deleteFirst, immutable, type Rule, valueAt } from './rule.ts';

const APPS = 'pkg/apis/apps/validation/validation.go';
const UNTIL_READY = 'nothing but the time until its pods are ready';

const podsStop = (change: Change) =>
  `${deleteFirst(change)}: its pods stop until the new ones are ready`;

/** What may change of a StatefulSet; the selector is a rule of its own. */
const MUTABLE_OF_STATEFUL_SET = new Set([
  'minReadySeconds',
  'ordinals',
  'persistentVolumeClaimRetentionPolicy',
  'replicas',
  'revisionHistoryLimit',
  'selector',
  'template',
  'updateStrategy',
]);

const CLAIM = 'spec.volumeClaimTemplates[]';

export const WORKLOAD_RULES: readonly Rule[] = [
  immutable({
    kinds: ['apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet'],
    source: `${APPS}: ValidateDeploymentUpdate, ValidateDaemonSetSpecUpdate, ValidateReplicaSetUpdate`,
    code: 'workload-selector',
    fields: ['spec.selector'],
    remedy: podsStop,
    loses: UNTIL_READY,
  }),
  immutable({
    kinds: ['apps/StatefulSet'],
    source: `${APPS}: ValidateStatefulSetUpdate`,
    code: 'workload-selector',
    fields: ['spec.selector'],
    remedy: podsStop,
    loses: lossOfStatefulSet,
  }),
  immutable({
    kinds: ['apps/StatefulSet'],
    source: `${APPS}: ValidateStatefulSetUpdate`,
    code: 'stateful-set-spec',
    fields: ({ live, after }) =>
      [...new Set([live, after].flatMap((each) => Object.keys(fields(each['spec']))))]
        .filter((name) => !MUTABLE_OF_STATEFUL_SET.has(name))
        .map((name) => `spec.${name}`),
    defaults: [
      ['spec.podManagementPolicy', 'OrderedReady'],
      [`${CLAIM}.apiVersion`, 'v1'],
      [`${CLAIM}.kind`, 'PersistentVolumeClaim'],
      [`${CLAIM}.spec.volumeMode`, 'Filesystem'],
      [`${CLAIM}.status`, { phase: 'Pending' }],
    ],
    // Its pods match the new one as well, which takes them over.
    remedy: ({ reference }) =>
      `Delete ${describe(reference)} by hand and keep its pods (${deleteCommand(reference)} --cascade=orphan), then apply again: it takes its pods and volumes over`,
    loses: 'nothing, and its volumes keep the size and class that they have',
  }),
];

// With the StatefulSet go its claims, if it was told so.
function lossOfStatefulSet({ live }: Change): string {
  const policy = valueAt(live, 'spec.persistentVolumeClaimRetentionPolicy.whenDeleted');
  const hasClaims = items(valueAt(live, 'spec.volumeClaimTemplates')).length > 0;
  return policy === 'Delete' && hasClaims
    ? 'all data of its volumes, which it deletes with itself'
    : UNTIL_READY;
}
