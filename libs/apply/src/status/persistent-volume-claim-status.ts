import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/**
 * Current when the claim is bound. One that waits for its first pod needs that pod. kstatus does not know that a
 * claim whose volume is lost stays so.
 */
export const persistentVolumeClaimStatus: StatusRule = ({ spec, status }) => {
  const phase = status['phase'];
  if (phase === 'Bound') return current('bound');
  if (phase === 'Lost') return failed('its volume is lost');
  const { storageClassName = '', volumeName = '' } = spec as {
    storageClassName?: string;
    volumeName?: string;
  };
  const storageClass = storageClassName === '' ? '' : `, of storage class ${storageClassName}`;
  const volume = volumeName === '' ? '' : `, of volume ${volumeName}`;
  return inProgress(`not bound${storageClass}${volume}`);
};
