import { nxRun } from '@prow-deploy/environment/nx-run';
import type { Cluster } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { readKubeconfig } from '../kubeconfig/read-kubeconfig.ts';
import { selectContext } from '../kubeconfig/select-context.ts';
import { hasStaticCredentials, staticCredentials } from '../kubeconfig/static-credentials.ts';
import { clientNodeCredentials } from '../kubeconfig/client-node-credentials.ts';
import { createCluster } from '../transport/create-cluster.ts';
import { kubevirtciFolder, type KubevirtciOptions, runScript } from './scripts.ts';

/**
 * Connects to the cluster of which kubevirtci's kubeconfig.sh tells, if it is one of this machine.
 *
 * @throws {ClusterError} `not-running`; `not-ours` where it is elsewhere; `kubeconfig-invalid`
 */
export async function connectKubevirtci(options: KubevirtciOptions): Promise<Cluster> {
  const { environment, configuration, spec, signal } = options;
  const folder = await kubevirtciFolder(options);
  const { failed, how, stdout, end } = await runScript({
    folder,
    script: 'kubeconfig.sh',
    spec,
    signal,
  });
  const kubeconfig = stdout.trim().split('\n').at(-1) ?? '';
  if (failed || kubeconfig === '') {
    throw notRunning(options, failed ? `kubeconfig.sh ended with ${how}: ${end}` : undefined);
  }
  const read = await readKubeconfig([kubeconfig]).catch((error: unknown) => {
    if (!(error instanceof ClusterError) || error.code !== 'kubeconfig-absent') throw error;
    throw notRunning(options, `${kubeconfig} is not there`);
  });
  const [context = '', ...others] = read.contexts.keys();
  if (others.length > 0) {
    throw new ClusterError(
      'kubeconfig-invalid',
      `Cannot connect to the kubevirtci cluster of ${environment}: ${kubeconfig} has several contexts (${[context, ...others].join(', ')}), and kubevirtci writes one.`,
    );
  }
  const selection = selectContext(read, context, kubeconfig);
  requireThisMachine(environment, kubeconfig, selection.server);
  return createCluster({
    environment,
    provider: 'kubevirtci',
    server: selection.server,
    kubeconfig,
    context,
    simulated: false,
    credentials: hasStaticCredentials(selection)
      ? () => staticCredentials(selection)
      : clientNodeCredentials(selection),
    remedy: `Start it anew with "${nxRun({ name: environment, configuration }, 'cluster-reset')}".`,
    signal,
  });
}

function notRunning(
  { environment, configuration }: KubevirtciOptions,
  why = 'kubeconfig.sh names no kubeconfig',
): ClusterError {
  return new ClusterError(
    'not-running',
    `Cannot connect to the kubevirtci cluster of ${environment}: ${why}. ` +
      `Start it with "${nxRun({ name: environment, configuration }, 'cluster-up')}".`,
  );
}

// It is started, emptied and stopped without a question, so it must not be anybody else's.
function requireThisMachine(environment: string, kubeconfig: string, server: string): void {
  const { hostname } = new URL(server);
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new ClusterError(
    'not-ours',
    `Cannot use the kubevirtci cluster of ${environment}: its API server is ${server} by ${kubeconfig}, and a cluster of kubevirtci is on this machine. ` +
      'Is KUBEVIRT_PROVIDER "external"? Use provider kubeconfig for a cluster that is elsewhere.',
  );
}
