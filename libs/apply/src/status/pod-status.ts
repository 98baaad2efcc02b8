import { explain, findCondition } from './condition.ts';
import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

interface ContainerStatus {
  readonly name: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

/** Current when the pod is ready or has succeeded. */
export const podStatus: StatusRule = ({ status }) => {
  if (status['phase'] === 'Succeeded') return current('succeeded');
  if (status['phase'] === 'Failed') {
    const { message, reason } = status as { message?: string; reason?: string };
    return failed(message ?? reason ?? 'failed');
  }
  if (findCondition(status, 'Ready')?.status === 'True') return current('ready');

  const scheduled = findCondition(status, 'PodScheduled');
  if (scheduled?.status === 'False') return inProgress(explain(scheduled));
  const { initContainerStatuses = [], containerStatuses = [] } = status as {
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
  for (const { name, state } of [...initContainerStatuses, ...containerStatuses]) {
    const waiting = state?.waiting;
    if (waiting?.reason === undefined || waiting.reason === 'PodInitializing') continue;
    const message = waiting.message === undefined ? '' : `: ${waiting.message}`;
    return inProgress(`container ${name} is waiting: ${waiting.reason}${message}`);
  }
  return inProgress('not ready');
};
