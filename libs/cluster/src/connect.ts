import { delimiter } from 'node:path';
import type { KubeconfigCluster } from '@prow-deploy/environment';
import type { Cluster, ClusterOptions } from './cluster.ts';
import { connectLocal } from './embedded/connect-local.ts';
import { clientNodeCredentials } from './kubeconfig/client-node-credentials.ts';
import { kubeconfigPaths } from './kubeconfig/kubeconfig-paths.ts';
import { readKubeconfig } from './kubeconfig/read-kubeconfig.ts';
import { selectContext } from './kubeconfig/select-context.ts';
import { hasStaticCredentials, staticCredentials } from './kubeconfig/static-credentials.ts';
import { connectKubevirtci } from './kubevirtci/connect-kubevirtci.ts';
import { createCluster } from './transport/create-cluster.ts';

/**
 * Connects to the environment's cluster. Nothing is started and nothing is sent: a server that is down shows at the
 * first request.
 *
 * @throws {ClusterError} `not-running` for a local cluster that is down; `kubeconfig-absent`,
 *   `kubeconfig-invalid`, `context-absent` for what the kubeconfig lacks.
 */
export async function connect(options: ClusterOptions): Promise<Cluster> {
  const { spec } = options;
  switch (spec.provider) {
    case 'embedded':
    case 'node':
      return connectLocal(options, spec.provider);
    case 'kubevirtci':
      return connectKubevirtci({ ...options, spec });
    case 'kubeconfig':
      return connectKubeconfig(options, spec);
  }
}

async function connectKubeconfig(
  options: ClusterOptions,
  spec: KubeconfigCluster,
): Promise<Cluster> {
  const { environment, workspaceRoot, signal } = options;
  const paths = kubeconfigPaths({ kubeconfig: spec.kubeconfig, workspaceRoot });
  const kubeconfig = paths.join(delimiter);
  const selection = selectContext(await readKubeconfig(paths), spec.context, kubeconfig);
  return createCluster({
    environment,
    provider: 'kubeconfig',
    server: selection.server,
    kubeconfig,
    context: spec.context,
    simulated: false,
    credentials: hasStaticCredentials(selection)
      ? () => staticCredentials(selection)
      : clientNodeCredentials(selection),
    remedy: 'Check the network (VPN), and that the context is the one for this environment.',
    signal,
  });
}
