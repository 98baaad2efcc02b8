import { groupOf } from '../object-reference.ts';
import type { Need } from './need.ts';

/** One rule of RBAC on resources, as roles and SelfSubjectRulesReviews have them. */
export interface ResourceRule {
  readonly verbs?: readonly string[] | null;
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  /** Empty: every name. */
  readonly resourceNames?: readonly string[] | null;
}

/**
 * Whether a rule gives what is needed, as RBAC evaluates it: `*` is every verb, group, or resource with all subresources;
 * a resource does not include its subresources; a star before the slash is that subresource of every resource.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/rbac/v1/evaluation_helpers.go
 */
export function covers(rule: ResourceRule, need: Need): boolean {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  const [, subresource] = need.resource.split('/');
  return (
    has(verbs, '*', need.verb) &&
    has(apiGroups, '*', groupOf(need.apiVersion)) &&
    has(resources, '*', need.resource, ...(subresource ? [`*/${subresource}`] : [])) &&
    (!resourceNames?.length || (need.name !== undefined && resourceNames.includes(need.name)))
  );
}

function has(values: readonly string[] | null | undefined, ...wanted: readonly string[]): boolean {
  return values?.some((value) => wanted.includes(value)) === true;
}
