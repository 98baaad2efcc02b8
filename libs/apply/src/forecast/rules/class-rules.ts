import { relatedOf, deleteFirst, immutable, type Rule, type Creation } from './rule.ts';
import type { Forecast } from '../forecast-codes.ts';

/** Kinds of which one or two fields are fixed. */
export const CLASS_RULES: readonly Rule[] = [
  immutable({
    kinds: [
      'rbac.authorization.k8s.io/RoleBinding',
      'rbac.authorization.k8s.io/ClusterRoleBinding',
    ],
    source:
      'pkg/apis/rbac/validation/validation.go: ValidateRoleBindingUpdate, ValidateClusterRoleBindingUpdate',
    code: 'role-ref',
    fields: ['roleRef'],
    defaults: [['roleRef.apiGroup', 'rbac.authorization.k8s.io']],
    remedy: (change) => `${deleteFirst(change)}: its subjects lack the rights meanwhile`,
    loses: 'nothing but the rights of its subjects until it is there again',
  }),
  immutable({
    kinds: ['scheduling.k8s.io/PriorityClass'],
    source: 'pkg/apis/scheduling/validation/validation.go: ValidatePriorityClassUpdate',
    code: 'priority-class',
    fields: ['preemptionPolicy', 'value'],
    defaults: [
      ['preemptionPolicy', 'PreemptLowerPriority'],
      ['value', 0],
    ],
    remedy: (change) => `${deleteFirst(change)}: pods that name it cannot be made meanwhile`,
    loses: 'nothing: pods that run keep the priority that they have',
  }),
  {
    kinds: ['scheduling.k8s.io/PriorityClass'],
    source: 'plugin/pkg/admission/priority/admission.go: validatePriorityClass',
    *changed(change) {
      if (change.after['globalDefault'] === true) yield* secondDefault(change);
    },
    *created(creation) {
      if (creation.next['globalDefault'] === true) yield* secondDefault(creation);
    },
  },
  immutable({
    kinds: ['networking.k8s.io/IngressClass'],
    source: 'pkg/apis/networking/validation/validation.go: validateIngressClassSpecUpdate',
    code: 'ingress-class-controller',
    fields: ['spec.controller'],
    remedy: (change) => `${deleteFirst(change)}: its Ingresses are served by nobody meanwhile`,
    loses: 'nothing',
  }),
  immutable({
    kinds: ['node.k8s.io/RuntimeClass'],
    source: 'pkg/apis/node/validation/validation.go: ValidateRuntimeClassUpdate',
    code: 'runtime-class-handler',
    fields: ['handler'],
    remedy: (change) => `${deleteFirst(change)}: pods that name it cannot be made meanwhile`,
    loses: 'nothing: pods that run stay as they are',
  }),
  immutable({
    kinds: ['discovery.k8s.io/EndpointSlice'],
    source: 'pkg/apis/discovery/validation/validation.go: ValidateEndpointSliceUpdate',
    code: 'endpoint-slice-type',
    fields: ['addressType'],
    loses: 'nothing but the connections through it until it is there again',
  }),
  immutable({
    kinds: ['/ResourceQuota'],
    source: 'pkg/apis/core/validation/validation.go: ValidateResourceQuotaUpdate',
    code: 'quota-scopes',
    fields: ['spec.scopes'],
    remedy: (change) => `${deleteFirst(change)}: nothing is limited meanwhile`,
    loses: 'nothing',
  }),
  immutable({
    kinds: ['apps/ControllerRevision'],
    source: 'pkg/apis/apps/validation/validation.go: ValidateControllerRevisionUpdate',
    code: 'controller-revision',
    fields: ['data'],
    loses: 'the state that it remembers',
  }),
];

function* secondDefault(creation: Creation): Generator<Forecast> {
  const { name } = creation.reference;
  const other = relatedOf(creation, 'scheduling.k8s.io', 'PriorityClass').find(
    (each) => each['globalDefault'] === true && each.metadata.name !== name,
  );
  if (other === undefined) return;
  yield {
    code: 'priority-class-default',
    path: 'globalDefault',
    message: `globalDefault cannot be true: PriorityClass ${other.metadata.name} is the default already`,
    remedy: `Apply globalDefault: false to PriorityClass ${other.metadata.name} first, or leave it out here`,
    loses: 'nothing: pods that run keep the priority that they have',
    refused: true,
  };
}
