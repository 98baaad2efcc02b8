import { existsSync } from 'node:fs';
import type { Cluster, ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { readKubeconfig } from '../kubeconfig/read-kubeconfig.ts';
import { selectContext } from '../kubeconfig/select-context.ts';
import { staticCredentials } from '../kubeconfig/static-credentials.ts';
import { createCluster } from '../transport/create-cluster.ts';
import { endedComponent, readRecord } from './cluster-record.ts';
import { type EmbeddedFolder, embeddedFolder } from './embedded-folder.ts';

/**
 * Connects to the embedded cluster of an environment, if all of it runs.
 *
 * @throws {ClusterError} `not-running`
 */
export async function connectEmbedded(options: ClusterOptions): Promise<Cluster> {
  const folder = embeddedFolder(options);
  const why = await notRunning(folder);
  if (why !== undefined) {
    throw new ClusterError(
      'not-running',
      `Cannot connect to the embedded cluster of ${options.environment}: ${why}. ` +
        `Start it with "nx run ${options.environment}:cluster-up".`,
    );
  }
  return openEmbedded(folder, options.signal);
}

/** Connects without a look at the processes. */
export async function openEmbedded(
  folder: EmbeddedFolder,
  signal: AbortSignal | undefined,
): Promise<Cluster> {
  const { environment, kubeconfig } = folder;
  const selection = selectContext(await readKubeconfig([kubeconfig]), environment, kubeconfig);
  return createCluster({
    environment,
    provider: 'embedded',
    server: selection.server,
    kubeconfig,
    context: environment,
    simulated: true,
    credentials: () => staticCredentials(selection),
    remedy: `Start it anew with "nx run ${environment}:cluster-reset".`,
    signal,
  });
}

/** Why the cluster is not whole, or `undefined` when it is. */
export async function notRunning(folder: EmbeddedFolder): Promise<string | undefined> {
  const record = await readRecord(folder.record);
  if (record === undefined || !existsSync(folder.kubeconfig)) {
    return 'it is not running';
  }
  const ended = endedComponent(record);
  return ended === undefined ? undefined : `its ${ended} is not running any more`;
}
