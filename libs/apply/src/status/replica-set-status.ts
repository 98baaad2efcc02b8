import { explain, findCondition } from './condition.ts';
import { numberField } from './number-field.ts';
import { current, failing, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/**
 * Current when as many replicas as wanted are labelled, available and ready, and no more; also for
 * ReplicationController, for which kstatus has no rule.
 */
export const replicaSetStatus: StatusRule = ({ spec, status }) => {
  const replicaFailure = findCondition(status, 'ReplicaFailure');
  if (replicaFailure?.status === 'True') return failing(explain(replicaFailure));
  const wanted = numberField(spec, 'replicas', 1);
  const replicas = numberField(status, 'replicas');
  const labelled = numberField(status, 'fullyLabeledReplicas');
  const available = numberField(status, 'availableReplicas');
  const ready = numberField(status, 'readyReplicas');
  if (labelled < wanted) return inProgress(`${labelled} of ${wanted} made`);
  if (available < wanted) return inProgress(`${available} of ${wanted} available`);
  if (ready < wanted) return inProgress(`${ready} of ${wanted} ready`);
  if (replicas > wanted) return inProgress(`${replicas - wanted} too many left`);
  return current(`${available} of ${wanted} available`);
};
