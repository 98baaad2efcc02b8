import { current, inProgress } from './object-status.ts';
import type { StatusRule } from './status-rule.ts';

/** Current at once, but for a load balancer, which needs its cluster address first. */
export const serviceStatus: StatusRule = ({ spec }) => {
  if (spec['type'] !== 'LoadBalancer') return current('nothing to wait for');
  const { clusterIP = '' } = spec as { clusterIP?: string };
  return clusterIP === '' ? inProgress('no cluster address yet') : current('has its address');
};
