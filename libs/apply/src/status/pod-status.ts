import { explain, findCondition } from './condition.ts';
import { containerTrouble } from './container-trouble.ts';
import { current, failed, failing, inProgress } from './object-status.ts';
import type { StatusInput, StatusRule } from './status-rule.ts';

/** How long a scheduler may look for a node before that is a failure; a new pod is often scheduled at the second try. */
const SCHEDULE_WINDOW_MS = 15_000;

/**
 * Current when the pod is ready or has succeeded. kstatus is content with a pod that ended badly, which a deployment is
 * not; and it sees containers that crash again and again, but not where they are init containers.
 */
export const podStatus: StatusRule = (pod) => {
  const { status } = pod;
  const { phase, message, reason } = status as {
    phase?: string;
    message?: string;
    reason?: string;
  };
  const trouble = containerTrouble(status);
  if (phase === 'Succeeded') return current('succeeded');
  if (phase === 'Failed') return failed(message ?? reason ?? trouble?.text ?? 'failed');
  if (phase === 'Running' && findCondition(status, 'Ready')?.status === 'True') {
    return current('ready');
  }

  const scheduled = findCondition(status, 'PodScheduled');
  if (scheduled?.status === 'False') {
    if (scheduled.reason === 'SchedulingGated') return inProgress(explain(scheduled));
    const isFinal = scheduled.reason === 'Unschedulable' && ageOf(pod) > SCHEDULE_WINDOW_MS;
    return isFinal ? failed(explain(scheduled)) : failing(explain(scheduled));
  }
  if (trouble === undefined) return inProgress('not ready');
  return trouble.crashLoops ? failed(trouble.text) : failing(trouble.text);
};

// One that does not say when it was made is new.
function ageOf({ metadata, now }: StatusInput): number {
  const made = Date.parse(metadata.creationTimestamp ?? '');
  return Number.isNaN(made) ? 0 : now - made;
}
