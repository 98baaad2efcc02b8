import { type Condition, explain, findCondition } from './condition.ts';
import { numberField } from './number-field.ts';
import { current, failed, failing, inProgress } from './object-status.ts';
import type { StatusInput, StatusRule } from './status-rule.ts';

// What the controller takes for none: math.MaxInt32.
const NO_DEADLINE = 2 ** 31 - 1;

/** Current when every replica is updated and available, none of an older generation is left, and its controller says so. */
export const deploymentStatus: StatusRule = ({ spec, status }) => {
  const progressing = findCondition(status, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(explain(progressing));

  const wanted = numberField(spec, 'replicas', 1);
  const missing = whatIsMissing(wanted, status);
  if (missing !== undefined) {
    // Such as a quota, or a ServiceAccount that does not exist: no pod is ever made.
    const replicaFailure = findCondition(status, 'ReplicaFailure');
    if (replicaFailure?.status === 'True') return failing(explain(replicaFailure));
    return inProgress(spec['paused'] === true ? `${missing}, and it is paused` : missing);
  }
  // Without a deadline there is no such condition, and a pause hides it: kstatus waits for a paused one for ever.
  const deadline = numberField(spec, 'progressDeadlineSeconds', NO_DEADLINE);
  const mustSaySo = deadline !== NO_DEADLINE && spec['paused'] !== true;
  if (mustSaySo && !isComplete(progressing)) {
    return inProgress('its controller does not say yet that it is complete');
  }
  const available = findCondition(status, 'Available');
  if (available?.status !== 'True') return inProgress('not available');
  return current(`${numberField(status, 'availableReplicas')} of ${wanted} available`);
};

function whatIsMissing(wanted: number, status: StatusInput['status']): string | undefined {
  const replicas = numberField(status, 'replicas');
  const updated = numberField(status, 'updatedReplicas');
  const ready = numberField(status, 'readyReplicas');
  const available = numberField(status, 'availableReplicas');
  if (updated < wanted) return `${updated} of ${wanted} updated`;
  if (replicas > wanted) return `${replicas - wanted} of an older generation left`;
  if (available < wanted) return `${available} of ${wanted} available`;
  if (ready < wanted) return `${ready} of ${wanted} ready`;
  return undefined;
}

function isComplete(progressing: Condition | undefined): boolean {
  return progressing?.status === 'True' && progressing.reason === 'NewReplicaSetAvailable';
}
