import type { PromiseExecutor } from '@nx/devkit';
import { clusterOptionsOf } from '@prow-deploy/apply';
import { type ClusterOptions, type ClusterState, kubectlCommand } from '@prow-deploy/cluster';
import { executor } from './run-task.ts';
import { withProgress } from './with-progress.ts';

/** The executor of a target after which the environment's cluster is up. */
export function startCluster(
  start: (options: ClusterOptions) => Promise<ClusterState>,
): PromiseExecutor<unknown> {
  return executor(async ({ environment, print, signal }) => {
    const { started, server, kubeconfig, context, nodes, durationMs } = await withProgress(
      (onProgress) => start(clusterOptionsOf(environment, { signal, onProgress })),
    );
    const what = environment.cluster.provider === 'embedded' ? 'simulated nodes' : 'node';
    const seconds = (durationMs / 1000).toFixed(1);
    print(
      `Cluster ${context} ${started ? `is up after ${seconds} s` : 'was up already'}: ${server}, ${what} ${nodes.join(', ')}.`,
    );
    print(`Look at it: ${await kubectlCommand({ kubeconfig, context })} get nodes`);
    return true;
  });
}
