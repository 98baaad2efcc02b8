import { current, failed, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/**
 * Current once its controller has taken the volume in; whether a claim binds it is the claim's matter. kstatus has no
 * rule for it.
 */
export const persistentVolumeStatus: StatusRule = ({ status }) => {
  const { phase, message = 'failed' } = status as { phase?: string; message?: string };
  if (phase === 'Failed') return failed(message);
  if (phase === undefined || phase === 'Pending') return inProgress('pending');
  return current('taken in');
};
