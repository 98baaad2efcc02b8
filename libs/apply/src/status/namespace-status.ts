import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when objects can be made in it. kstatus has no rule for it. */
export const namespaceStatus: StatusRule = ({ status }) =>
  status['phase'] === 'Active' ? current('active') : inProgress('not active');
