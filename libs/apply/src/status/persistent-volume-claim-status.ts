import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current when the claim is bound. One that waits for its first pod needs that pod. */
export const persistentVolumeClaimStatus: StatusRule = ({ spec, status }) => {
  const phase = status['phase'];
  if (phase === 'Bound') return current('bound');
  if (phase === 'Lost') return failed('its volume is lost');
  const storageClass = spec['storageClassName'];
  return inProgress(
    typeof storageClass === 'string' && storageClass !== ''
      ? `not bound, of storage class ${storageClass}`
      : 'not bound',
  );
};
