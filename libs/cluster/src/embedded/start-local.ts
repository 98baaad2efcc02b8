import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedCluster } from '@prow-deploy/environment';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { writeRecord } from './cluster-record.ts';
import { openEmbedded } from './connect-embedded.ts';
import { type EmbeddedFolder, folderHash } from './embedded-folder.ts';
import type { EmbeddedTools } from './embedded-tools.ts';
import { freePorts } from './free-ports.ts';
import { controlPlanePorts, PORT_COUNT } from './kwokctl-configuration.ts';
import { writePeopleKubeconfig } from './people-kubeconfig.ts';
import { startControlPlane } from './start-control-plane.ts';
import { StartFailure } from './start-failure.ts';
import { stopControlPlane, stopFailedStart } from './stop-control-plane.ts';
import { waitUntilReady } from './wait-until-ready.ts';

type Options = ClusterOptions & { readonly spec: EmbeddedCluster };

/** How long a start may take once the tools are at hand; on two cores it takes about 5 s. */
const DEADLINE_MS = 90_000;
/** Another process may take a port between its choice and its use. */
const PORT_ATTEMPTS = 3;
const QUOTED_LINES = 12;

/**
 * Starts the cluster, after whatever is there of an earlier one was stopped and removed. Returns the server's URL.
 *
 * @throws {ClusterError} `start-failed`; then all is stopped again, and the logs are kept.
 */
export async function startEmbedded(
  folder: EmbeddedFolder,
  tools: EmbeddedTools,
  options: Options,
): Promise<string> {
  const { environment, signal, onProgress } = options;
  await stopControlPlane(folder);
  for (let attempt = 1; ; attempt++) {
    try {
      onProgress?.(`Starting a control plane with simulated nodes for ${environment}`);
      return await startOnce(folder, tools, options, attempt);
    } catch (error) {
      await stopFailedStart(folder);
      signal?.throwIfAborted();
      const failure = startFailure(error);
      if (failure === undefined) {
        throw error;
      }
      const logs = await readLogs(folder);
      if (
        attempt === PORT_ATTEMPTS ||
        !logs.some(({ text }) => text.includes('address already in use'))
      ) {
        throw startFailed(folder, failure, logs);
      }
      onProgress?.('Another process took one of its ports meanwhile; trying others');
    }
  }
}

async function startOnce(
  folder: EmbeddedFolder,
  tools: EmbeddedTools,
  options: Options,
  attempt: number,
): Promise<string> {
  const started = Date.now();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const seed = folderHash(`${folder.path}${'#'.repeat(attempt - 1)}`).readUInt32BE();
  const ports = controlPlanePorts(await freePorts(PORT_COUNT, seed));
  const record = await startControlPlane({ folder, tools, ports, signal });
  await writePeopleKubeconfig(folder, ports);
  const cluster = await openEmbedded(folder, signal);
  try {
    const deadlineMs = DEADLINE_MS - (Date.now() - started);
    const { nodes } = options.spec;
    await waitUntilReady({ cluster, record, nodes, deadlineMs, signal });
    // Last, so that a start that was killed half way does not look like a cluster.
    await writeRecord(folder.record, record);
    return cluster.server;
  } finally {
    cluster.close();
  }
}

function startFailure(error: unknown): StartFailure | undefined {
  if (error instanceof StartFailure) {
    return error;
  }
  return (error as Error).name === 'TimeoutError'
    ? new StartFailure(`it took over ${DEADLINE_MS / 1000} s`, undefined, { cause: error })
    : undefined;
}

interface Log {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

async function readLogs({ failedStart }: EmbeddedFolder): Promise<readonly Log[]> {
  const names = await readdir(failedStart).catch(() => []);
  return await Promise.all(
    names.map(async (name) => {
      const path = join(failedStart, name);
      return { name, path, text: await readFile(path, 'utf8') };
    }),
  );
}

function startFailed(
  folder: EmbeddedFolder,
  failure: StartFailure,
  logs: readonly Log[],
): ClusterError {
  const log = logs.find(({ name }) => name === `${failure.component ?? ''}.log`);
  const quoted = log?.text.trimEnd().split('\n').slice(-QUOTED_LINES).join('\n');
  return new ClusterError(
    'start-failed',
    `Cannot start the embedded cluster of ${folder.environment}: ${failure.message}. ` +
      (log
        ? `See ${log.path}, which ends in:\n${quoted ?? ''}`
        : `See the logs in ${folder.failedStart}.`),
    { cause: failure },
  );
}
