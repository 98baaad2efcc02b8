import type { ClusterOptions } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';

/** The error for a cluster that is only connected to. */
export function notOurs(
  verb: 'start' | 'reset' | 'stop',
  { environment }: ClusterOptions,
): ClusterError {
  return new ClusterError(
    'not-ours',
    `Cannot ${verb} the cluster of ${environment}: it is one that a kubeconfig leads to, not one of ours to start, ` +
      'empty or stop. Only those of the providers embedded, node and kubevirtci are (cluster.provider in environment.yaml).',
  );
}
