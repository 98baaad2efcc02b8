import { ClusterError } from '../cluster-error.ts';

/** @throws {ClusterError} `start-failed` where clusters cannot be started or stopped. */
export function requireLinux(environment: string): void {
  if (process.platform !== 'linux') {
    throw new ClusterError(
      'start-failed',
      `Cannot run an embedded cluster for ${environment} on ${process.platform}: its processes are followed in /proc. ` +
        'Use Linux (also WSL or a container), or a cluster that a kubeconfig leads to.',
    );
  }
}
