import { clusterOptionsOf } from '@prow-deploy/apply';
import { clusterUp, kubectlCommand } from '@prow-deploy/cluster';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

export default executor(async ({ environment, print, signal }) => {
  const { started, server, kubeconfig, context, nodes, durationMs } = await withProgress(
    (onProgress) => clusterUp(clusterOptionsOf(environment, { signal, onProgress })),
  );
  const seconds = (durationMs / 1000).toFixed(1);
  print(
    `Cluster ${context} ${started ? `is up after ${seconds} s` : 'was up already'}: ${server}, ${nodes.length} simulated nodes.`,
  );
  print(`Look at it: ${await kubectlCommand({ kubeconfig, context })} get nodes`);
  return true;
});
