import { explain, findCondition } from './condition.ts';
import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** For every kind without a rule of its own: the standard conditions Stalled, Reconciling and Ready. */
export const genericStatus: StatusRule = ({ status }) => {
  const stalled = findCondition(status, 'Stalled');
  if (stalled?.status === 'True') return failed(explain(stalled));
  const reconciling = findCondition(status, 'Reconciling');
  if (reconciling?.status === 'True') return inProgress(explain(reconciling));
  const ready = findCondition(status, 'Ready');
  if (ready !== undefined && ready.status !== 'True') return inProgress(explain(ready));
  return current(ready === undefined ? 'nothing to wait for' : 'ready');
};
