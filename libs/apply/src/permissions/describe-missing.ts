import { groupBy } from '../group-by.ts';
import { groupOf } from '../object-reference.ts';
import type { Need } from './need.ts';

const LISTED_AT_MOST = 5;

/**
 * What is to be granted, for whoever administers the cluster: `create and patch deployments.apps in namespace
 * kubevirt-prow, delete namespaces in the whole cluster`; at most five kinds, and a count of the others.
 */
export function describeMissing(needs: readonly Need[]): string {
  const grants = [...groupBy(needs, whereOf)].map(([where, members]) => {
    const verbs = [...new Set(members.map(({ verb }) => verb))].sort();
    const last = verbs.pop() ?? '';
    return `${verbs.length === 0 ? last : `${verbs.join(', ')} and ${last}`} ${where}`;
  });
  const more = grants.length - LISTED_AT_MOST;
  const shown = grants.slice(0, LISTED_AT_MOST).join(', ');
  return more > 0 ? `${shown}, and ${more} more` : shown;
}

function whereOf({ apiVersion, resource, namespace }: Need): string {
  const group = groupOf(apiVersion);
  const scope = namespace === undefined ? 'the whole cluster' : `namespace ${namespace}`;
  return `${resource}${group === '' ? '' : `.${group}`} in ${scope}`;
}
