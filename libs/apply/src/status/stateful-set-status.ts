import { numberField } from './number-field.ts';
import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when every replica is ready and, unless the update is partitioned, of the current revision. */
export const statefulSetStatus: StatusRule = ({ spec, status }) => {
  const strategy = spec['updateStrategy'] as
    { type?: string; rollingUpdate?: { partition?: number } } | undefined;
  // Pods are replaced when someone deletes them: there is nothing to wait for.
  if (strategy?.type === 'OnDelete') return current('pods are updated when they are deleted');

  const wanted = numberField(spec, 'replicas', 1);
  const replicas = numberField(status, 'replicas');
  const ready = numberField(status, 'readyReplicas');
  if (replicas < wanted) return inProgress(`${replicas} of ${wanted} made`);
  if (ready < wanted) return inProgress(`${ready} of ${wanted} ready`);
  if (replicas > wanted) return inProgress(`${replicas - wanted} too many left`);

  const partition = strategy?.rollingUpdate?.partition ?? 0;
  const updated = numberField(status, 'updatedReplicas');
  if (partition > 0) {
    return updated < wanted - partition
      ? inProgress(`${updated} of ${wanted - partition} updated`)
      : current(`${updated} updated, up to the partition`);
  }
  if (status['currentRevision'] !== status['updateRevision']) {
    return inProgress(`${updated} of ${wanted} updated`);
  }
  return current(`${ready} of ${wanted} ready`);
};
