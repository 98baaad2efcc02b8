import { explain, findCondition } from './condition.ts';
import { numberField } from './number-field.ts';
import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when as many replicas as wanted are available, and no more; also for ReplicationController. */
export const replicaSetStatus: StatusRule = ({ spec, status }) => {
  const replicaFailure = findCondition(status, 'ReplicaFailure');
  if (replicaFailure?.status === 'True') return inProgress(explain(replicaFailure));
  const wanted = numberField(spec, 'replicas', 1);
  const replicas = numberField(status, 'replicas');
  const available = numberField(status, 'availableReplicas');
  if (available < wanted) return inProgress(`${available} of ${wanted} available`);
  if (replicas > wanted) return inProgress(`${replicas - wanted} too many left`);
  return current(`${available} of ${wanted} available`);
};
