import { numberField } from './number-field.ts';
import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when every node that should run a pod has an updated, available one. */
export const daemonSetStatus: StatusRule = ({ status }) => {
  const wanted = numberField(status, 'desiredNumberScheduled');
  const updated = numberField(status, 'updatedNumberScheduled');
  const available = numberField(status, 'numberAvailable');
  if (updated < wanted) return inProgress(`${updated} of ${wanted} updated`);
  if (available < wanted) return inProgress(`${available} of ${wanted} available`);
  return current(`${available} of ${wanted} available`);
};
