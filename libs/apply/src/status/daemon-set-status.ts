import { numberField } from './number-field.ts';
import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/**
 * Current when every node that should run a pod has an updated, available one. kstatus waits for updated pods also
 * where they are replaced only when someone deletes them (OnDelete): here as of a StatefulSet there is nothing to
 * wait for then.
 */
export const daemonSetStatus: StatusRule = ({ spec, status }) => {
  if (typeof status['desiredNumberScheduled'] !== 'number') {
    return inProgress('not seen by its controller yet');
  }
  const { updateStrategy } = spec as { updateStrategy?: { type?: string } | null };
  const wanted = numberField(status, 'desiredNumberScheduled');
  const scheduled = numberField(status, 'currentNumberScheduled');
  const updated = numberField(status, 'updatedNumberScheduled');
  const available = numberField(status, 'numberAvailable');
  const ready = numberField(status, 'numberReady');
  if (scheduled < wanted) return inProgress(`${scheduled} of ${wanted} made`);
  if (updated < wanted && updateStrategy?.type !== 'OnDelete') {
    return inProgress(`${updated} of ${wanted} updated`);
  }
  if (available < wanted) return inProgress(`${available} of ${wanted} available`);
  if (ready < wanted) return inProgress(`${ready} of ${wanted} ready`);
  return current(`${available} of ${wanted} available`);
};
