import type { EmbeddedCluster } from '@prow-deploy/environment';
import type { ClusterOptions, ClusterState } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { withClusterLock } from './cluster-lock.ts';
import { readRecord } from './cluster-record.ts';
import { notRunning, openEmbedded } from './connect-embedded.ts';
import { type EmbeddedFolder, embeddedFolder } from './embedded-folder.ts';
import { embeddedTools } from './embedded-tools.ts';
import { startEmbedded } from './start-embedded.ts';
import { StartFailure } from './start-failure.ts';
import { stopControlPlane } from './stop-control-plane.ts';
import { waitUntilReady } from './wait-until-ready.ts';

type Options = ClusterOptions & { readonly spec: EmbeddedCluster };

/** How long a cluster that runs may take to answer before it counts as broken. */
const RUNNING_DEADLINE_MS = 15_000;

/** See {@link clusterUp}. */
export async function embeddedUp(options: Options): Promise<ClusterState> {
  const startedAt = Date.now();
  const folder = embeddedFolder(options);
  onLinux(folder);
  // Before the lock, because to build them may take longer than others should wait.
  const tools = (await notRunning(folder)) ? await embeddedTools(options) : undefined;
  return await withClusterLock(folder, options, async (signal) => {
    const held = { ...options, signal };
    const running = await useRunning(folder, held);
    const server =
      running ?? (await startEmbedded(folder, tools ?? (await embeddedTools(held)), held));
    return stateOf(server, folder, options, { started: running === undefined, startedAt });
  });
}

/** See {@link clusterReset}. */
export async function embeddedReset(options: Options): Promise<ClusterState> {
  const startedAt = Date.now();
  const folder = embeddedFolder(options);
  onLinux(folder);
  const tools = await embeddedTools(options);
  return await withClusterLock(folder, options, async (signal) => {
    const server = await startEmbedded(folder, tools, { ...options, signal });
    return stateOf(server, folder, options, { started: true, startedAt });
  });
}

/** See {@link clusterDown}. */
export async function embeddedDown(options: Options): Promise<void> {
  const folder = embeddedFolder(options);
  onLinux(folder);
  await withClusterLock(folder, options, () => stopControlPlane(folder));
}

function onLinux({ environment }: EmbeddedFolder): void {
  if (process.platform !== 'linux') {
    throw new ClusterError(
      'start-failed',
      `Cannot run an embedded cluster for ${environment} on ${process.platform}: its processes are followed in /proc. ` +
        'Use Linux (also WSL or a container), or a cluster that a kubeconfig leads to.',
    );
  }
}

function stateOf(
  server: string,
  folder: EmbeddedFolder,
  { environment, spec }: Options,
  { started, startedAt }: { readonly started: boolean; readonly startedAt: number },
): ClusterState {
  return {
    environment,
    started,
    server,
    kubeconfig: folder.kubeconfig,
    context: environment,
    nodes: spec.nodes.map(({ name }) => name).sort(),
    durationMs: Date.now() - startedAt,
  };
}

/** Makes a running cluster what the environment wants; `undefined` when there is none that can be used. */
async function useRunning(folder: EmbeddedFolder, options: Options): Promise<string | undefined> {
  const { environment, spec, signal, onProgress } = options;
  const record = await readRecord(folder.record);
  const why = await notRunning(folder);
  if (record === undefined || why !== undefined) {
    if (record !== undefined) {
      onProgress?.(`The cluster of ${environment} is started anew, because ${why ?? ''}`);
    }
    return undefined;
  }
  const cluster = await openEmbedded(folder, signal);
  try {
    const deadlineMs = RUNNING_DEADLINE_MS;
    await waitUntilReady({ cluster, record, nodes: spec.nodes, deadlineMs, signal });
    return cluster.server;
  } catch (error) {
    if (!(error instanceof StartFailure)) {
      throw error;
    }
    onProgress?.(
      `The cluster of ${environment} is started anew, because it does not work: ${error.message}`,
    );
    return undefined;
  } finally {
    cluster.close();
  }
}
