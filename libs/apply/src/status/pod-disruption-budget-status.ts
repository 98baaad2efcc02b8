import { explain, findCondition } from './condition.ts';
import { current, failing } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/**
 * Current once its controller has computed it, whether it then allows a disruption or not. kstatus does not see that
 * computing failed (reason SyncFailed, of policy/v1).
 */
export const podDisruptionBudgetStatus: StatusRule = ({ status }) => {
  const allowed = findCondition(status, 'DisruptionAllowed');
  return allowed?.reason === 'SyncFailed' ? failing(explain(allowed)) : current('computed');
};
