import type { Cluster, ClusterOptions, ClusterState } from '../cluster.ts';
import { withClusterLock } from './cluster-lock.ts';
import { type ClusterRecord, type LocalProvider, readRecord } from './cluster-record.ts';
import { notRunning, openLocal } from './connect-local.ts';
import { type EmbeddedFolder, embeddedFolder } from './embedded-folder.ts';
import { requireLinux } from './require-linux.ts';
import { StartFailure } from './start-failure.ts';
import { startLocal } from './start-local.ts';
import { stopCluster } from './stop-cluster.ts';

/** What the providers differ in whose clusters are started and stopped here. */
export interface LocalCluster<Tools> {
  readonly provider: LocalProvider;
  /** Names of the nodes that the environment wants. */
  readonly nodes: readonly string[];
  /** What is started, for progress: `a control plane with simulated nodes`. */
  readonly what: string;
  /** @throws {ClusterError} `start-failed` when this machine cannot run it: all reasons at once, each with its remedy. */
  check(): Promise<void> | void;
  /** @throws {ToolchainError} */
  tools(options: Pick<ClusterOptions, 'signal' | 'onProgress'>): Promise<Tools>;
  /**
   * Starts all processes and writes the kubeconfig for people.
   *
   * @throws {StartFailure} what was started so far is left running, for the caller to stop.
   */
  start(options: StartOptions<Tools>): Promise<ClusterRecord>;
  /** Makes the cluster what the environment wants and waits until it can be worked with. @throws {StartFailure} */
  settle(options: SettleOptions): Promise<void>;
}

export interface StartOptions<Tools> {
  readonly folder: EmbeddedFolder;
  readonly tools: Tools;
  /** Where the search for free ports and addresses begins; another one after these turned out to be taken. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((line: string) => void) | undefined;
}

export interface SettleOptions {
  readonly cluster: Cluster;
  readonly record: ClusterRecord;
  /** How long to wait, in milliseconds. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** How long a cluster that runs may take to answer before it counts as broken. */
const RUNNING_DEADLINE_MS = 15_000;

/** See {@link clusterUp}. */
export async function localUp<Tools>(
  kind: LocalCluster<Tools>,
  options: ClusterOptions,
): Promise<ClusterState> {
  const startedAt = Date.now();
  const folder = embeddedFolder(options);
  await kind.check();
  // Before the lock, because to build them may take longer than others should wait.
  const tools = (await notRunning(folder, kind.provider)) ? await kind.tools(options) : undefined;
  return await withClusterLock(folder, options, async (signal) => {
    const held = { ...options, signal };
    const running = await useRunning(kind, folder, held);
    const server =
      running ?? (await startLocal(kind, folder, tools ?? (await kind.tools(held)), held));
    return stateOf(server, { kind, folder, started: running === undefined, startedAt });
  });
}

/** See {@link clusterReset}. */
export async function localReset<Tools>(
  kind: LocalCluster<Tools>,
  options: ClusterOptions,
): Promise<ClusterState> {
  const startedAt = Date.now();
  const folder = embeddedFolder(options);
  await kind.check();
  const tools = await kind.tools(options);
  return await withClusterLock(folder, options, async (signal) => {
    const server = await startLocal(kind, folder, tools, { ...options, signal });
    return stateOf(server, { kind, folder, started: true, startedAt });
  });
}

/** See {@link clusterDown}. */
export async function localDown(options: ClusterOptions): Promise<void> {
  const folder = embeddedFolder(options);
  requireLinux(options.environment);
  await withClusterLock(folder, options, () => stopCluster(folder));
}

function stateOf(
  server: string,
  {
    kind,
    folder,
    started,
    startedAt,
  }: {
    readonly kind: Pick<LocalCluster<never>, 'nodes'>;
    readonly folder: EmbeddedFolder;
    readonly started: boolean;
    readonly startedAt: number;
  },
): ClusterState {
  return {
    environment: folder.environment,
    started,
    server,
    kubeconfig: folder.kubeconfig,
    context: folder.environment,
    nodes: [...kind.nodes].sort(),
    durationMs: Date.now() - startedAt,
  };
}

/** Makes a running cluster what the environment wants; `undefined` when there is none that can be used. */
async function useRunning<Tools>(
  kind: LocalCluster<Tools>,
  folder: EmbeddedFolder,
  { environment, signal, onProgress }: ClusterOptions,
): Promise<string | undefined> {
  const record = await readRecord(folder.record);
  const why = await notRunning(folder, kind.provider);
  if (record === undefined || why !== undefined) {
    if (record !== undefined) {
      onProgress?.(`The cluster of ${environment} is started anew, because ${why ?? ''}`);
    }
    return undefined;
  }
  const cluster = await openLocal(folder, kind.provider, { signal });
  try {
    await kind.settle({ cluster, record, deadlineMs: RUNNING_DEADLINE_MS, signal, onProgress });
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
