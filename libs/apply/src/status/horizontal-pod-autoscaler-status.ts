import { explain, findCondition } from './condition.ts';
import { current, failing, inProgress } from './object-status.ts';
import type { StatusInput, StatusRule } from './status-rule.ts';

/**
 * Current once its controller has found what it scales (AbleToScale); kstatus has no rule for it. That metrics are
 * missing (ScalingActive) is not waited for: they come after the pods, and a cluster may have none.
 */
export const horizontalPodAutoscalerStatus: StatusRule = (input) => {
  const able = findCondition({ conditions: conditionsOf(input) }, 'AbleToScale');
  if (able === undefined) return inProgress('not seen by its controller yet');
  return able.status === 'True' ? current('able to scale') : failing(explain(able));
};

// autoscaling/v1 has its conditions in an annotation.
function conditionsOf({ metadata, status }: StatusInput): unknown {
  const text = metadata.annotations?.['autoscaling.alpha.kubernetes.io/conditions'];
  if (status['conditions'] !== undefined || text === undefined) return status['conditions'];
  try {
    return JSON.parse(text);
  } catch {
    // Someone else wrote it: it says nothing.
    return undefined;
  }
}
