import { explain, findCondition } from './condition.ts';
import { numberField } from './number-field.ts';
import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when every replica is updated and available, and none of an older generation is left. */
export const deploymentStatus: StatusRule = ({ spec, status }) => {
  const wanted = numberField(spec, 'replicas', 1);
  const replicas = numberField(status, 'replicas');
  const updated = numberField(status, 'updatedReplicas');
  const ready = numberField(status, 'readyReplicas');
  const available = numberField(status, 'availableReplicas');

  const progressing = findCondition(status, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(explain(progressing));

  // Such as a quota, or a ServiceAccount that does not exist: no pod is ever made.
  const replicaFailure = findCondition(status, 'ReplicaFailure');
  if (replicaFailure?.status === 'True') return inProgress(explain(replicaFailure));

  if (updated < wanted) return inProgress(`${updated} of ${wanted} updated`);
  if (replicas > wanted) return inProgress(`${replicas - wanted} of an older generation left`);
  if (available < wanted) return inProgress(`${available} of ${wanted} available`);
  if (ready < wanted) return inProgress(`${ready} of ${wanted} ready`);
  return current(`${available} of ${wanted} available`);
};
