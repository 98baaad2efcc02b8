import { numberField } from './number-field.ts';
import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when every replica is ready and of the current revision, or updated up to the partition where there is one. */
export const statefulSetStatus: StatusRule = ({ spec, status }) => {
  const strategy = spec['updateStrategy'] as
    { type?: string; rollingUpdate?: { partition?: number } | null } | null | undefined;
  // Pods are replaced when someone deletes them: there is nothing to wait for.
  if (strategy?.type === 'OnDelete') return current('pods are updated when they are deleted');

  const wanted = numberField(spec, 'replicas', 1);
  const replicas = numberField(status, 'replicas');
  const ready = numberField(status, 'readyReplicas');
  if (replicas < wanted) return inProgress(`${replicas} of ${wanted} made`);
  if (ready < wanted) return inProgress(`${ready} of ${wanted} ready`);
  if (replicas > wanted) return inProgress(`${replicas - wanted} too many left`);

  // API servers write the partition that everybody has: 0, all of them.
  const partition = strategy?.rollingUpdate?.partition;
  const updated = numberField(status, 'updatedReplicas');
  if (partition !== undefined) {
    const concerned = Math.max(wanted - partition, 0);
    if (updated < concerned) return inProgress(`${updated} of ${concerned} updated`);
    return current(
      partition === 0 ? `${ready} of ${wanted} ready` : `${updated} updated, up to the partition`,
    );
  }
  if (status['currentRevision'] !== status['updateRevision']) {
    return inProgress(`${updated} of ${wanted} updated`);
  }
  const ofCurrent = numberField(status, 'currentReplicas');
  if (ofCurrent < wanted) return inProgress(`${ofCurrent} of ${wanted} of the current revision`);
  return current(`${ready} of ${wanted} ready`);
};
