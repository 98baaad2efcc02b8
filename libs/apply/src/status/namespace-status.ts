import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

export const namespaceStatus: StatusRule = ({ status }) =>
  status['phase'] === 'Active' ? current('active') : inProgress('not active');
