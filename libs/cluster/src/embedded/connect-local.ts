import { existsSync } from 'node:fs';
import { nxRun } from '@prow-deploy/environment/nx-run';
import type { Cluster, ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { readKubeconfig } from '../kubeconfig/read-kubeconfig.ts';
import { selectContext } from '../kubeconfig/select-context.ts';
import { staticCredentials } from '../kubeconfig/static-credentials.ts';
import { createCluster } from '../transport/create-cluster.ts';
import { endedComponent, type LocalProvider, readRecord } from './cluster-record.ts';
import { type EmbeddedFolder, embeddedFolder } from './embedded-folder.ts';

/**
 * Connects to the cluster of an environment that was started here, if all of it runs.
 *
 * @throws {ClusterError} `not-running`
 */
export async function connectLocal(
  options: ClusterOptions,
  provider: LocalProvider,
): Promise<Cluster> {
  const folder = embeddedFolder(options);
  const why = await notRunning(folder, provider);
  if (why !== undefined) {
    const { environment, configuration } = options;
    throw new ClusterError(
      'not-running',
      `Cannot connect to the ${provider} cluster of ${environment}: ${why}. ` +
        `Start it with "${nxRun({ name: environment, configuration }, 'cluster-up')}".`,
    );
  }
  return openLocal(folder, provider, options);
}

/** Connects without a look at the processes. */
export async function openLocal(
  folder: EmbeddedFolder,
  provider: LocalProvider,
  { configuration, signal }: Pick<ClusterOptions, 'configuration' | 'signal'>,
): Promise<Cluster> {
  const { environment, kubeconfig } = folder;
  const selection = selectContext(await readKubeconfig([kubeconfig]), environment, kubeconfig);
  return createCluster({
    environment,
    provider,
    server: selection.server,
    kubeconfig,
    context: environment,
    simulated: provider === 'embedded',
    credentials: () => staticCredentials(selection),
    remedy: `Start it anew with "${nxRun({ name: environment, configuration }, 'cluster-reset')}".`,
    signal,
  });
}

/** Why the cluster is not whole, or `undefined` when it is. */
export async function notRunning(
  folder: EmbeddedFolder,
  provider: LocalProvider,
): Promise<string | undefined> {
  const record = await readRecord(folder.record);
  if (record === undefined || !existsSync(folder.kubeconfig)) {
    return 'it is not running';
  }
  if (record.provider !== provider) {
    return `the one that runs is of provider ${record.provider}`;
  }
  const ended = endedComponent(record);
  return ended === undefined ? undefined : `its ${ended} is not running any more`;
}
