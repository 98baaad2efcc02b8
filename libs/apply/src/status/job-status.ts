import { explain, findCondition } from './condition.ts';
import { numberField } from './number-field.ts';
import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when the Job is complete, or suspended on purpose. kstatus is content with a Job that runs; a deployment is not. */
export const jobStatus: StatusRule = ({ spec, status }) => {
  const ended = findCondition(status, 'Failed');
  if (ended?.status === 'True') return failed(explain(ended));
  const complete = findCondition(status, 'Complete');
  if (complete?.status === 'True') return current('complete');
  if (spec['suspend'] === true) {
    const suspended = findCondition(status, 'Suspended')?.status === 'True';
    return suspended ? current('suspended') : inProgress('not suspended yet');
  }
  const wanted = numberField(spec, 'completions', numberField(spec, 'parallelism', 1));
  return inProgress(`${numberField(status, 'succeeded')} of ${wanted} complete`);
};
