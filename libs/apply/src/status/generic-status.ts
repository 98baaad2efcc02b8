import { explain, findCondition } from './condition.ts';
import { current, failed, inProgress, type ObjectStatus } from './object-status.ts';
import type { StatusInput, StatusRule } from './status-rule.ts';

/**
 * What an object of any kind says by the standard conditions of kstatus, Stalled and Reconciling; `undefined` where
 * it says nothing by them. kstatus takes the first of the two in the list: here the order plays no part, and what
 * has given up has failed.
 */
export function standardStatus({ metadata, status }: StatusInput): ObjectStatus | undefined {
  const { generation } = metadata;
  const said = (type: string) => {
    const condition = findCondition(status, type);
    return condition?.status === 'True' ? condition : undefined;
  };
  const stalled = said('Stalled');
  const reconciling = said('Reconciling');
  if (stalled !== undefined && !isOutdated(stalled, generation)) return failed(explain(stalled));
  if (reconciling !== undefined) return inProgress(explain(reconciling));
  return stalled === undefined ? undefined : inProgress('not seen by its controller yet');
}

/**
 * For every kind without a rule of its own: the condition Ready, or Current where there is none. A Ready of an older
 * generation does not count, as where a kind says what it has seen in its conditions alone (Gateway API); kstatus
 * knows `status.observedGeneration` only.
 */
export const genericStatus: StatusRule = ({ metadata, status }) => {
  const ready = findCondition(status, 'Ready');
  if (ready?.status === 'False' || ready?.status === 'Unknown') return inProgress(explain(ready));
  if (ready?.status !== 'True') return current('nothing to wait for');
  if (isOutdated(ready, metadata.generation)) return inProgress('not seen by its controller yet');
  return current('ready');
};

function isOutdated(
  { observedGeneration }: { readonly observedGeneration?: number },
  generation: number | undefined,
): boolean {
  if (typeof observedGeneration !== 'number' || generation === undefined) return false;
  return observedGeneration < generation;
}
