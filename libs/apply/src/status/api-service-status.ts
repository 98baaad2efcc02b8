import { explain, findCondition } from './condition.ts';
import { current, failing, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when the API is served. kstatus has no rule for it. */
export const apiServiceStatus: StatusRule = ({ status }) => {
  const available = findCondition(status, 'Available');
  if (available === undefined) return inProgress('not seen by its controller yet');
  return available.status === 'True' ? current('available') : failing(explain(available));
};
