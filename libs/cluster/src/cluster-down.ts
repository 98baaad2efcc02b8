import type { ClusterOptions } from './cluster.ts';
import { notOurs } from './not-ours.ts';

/**
 * Stops the environment's local cluster and removes all its files. That there is none is fine. Processes are found
 * by a mark that they carry, so that those of a start that was killed, or whose folder was deleted, are ended too. Of a
 * node nothing is left on the machine: no mount, namespace, interface, route, rule or control group.
 *
 * @throws {ClusterError} `stop-failed`, `not-ours`, `locked`.
 */
export async function clusterDown(options: ClusterOptions): Promise<void> {
  const { spec } = options;
  switch (spec.provider) {
    case 'embedded':
    case 'node': {
      const { localDown } = await import('./embedded/local-cluster.ts');
      await localDown(options);
      return;
    }
    case 'kubevirtci': {
      const { kubevirtciDown } = await import('./kubevirtci/kubevirtci-cluster.ts');
      await kubevirtciDown({ ...options, spec });
      return;
    }
    case 'kubeconfig':
      throw notOurs('stop', options);
  }
}
