import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { writeRecord } from './cluster-record.ts';
import { openLocal } from './connect-local.ts';
import { type EmbeddedFolder, folderHash } from './embedded-folder.ts';
import type { LocalCluster } from './local-cluster.ts';
import { StartFailure } from './start-failure.ts';
import { stopCluster, stopFailedStart } from './stop-cluster.ts';

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
export async function startLocal<Tools>(
  kind: LocalCluster<Tools>,
  folder: EmbeddedFolder,
  tools: Tools,
  options: ClusterOptions,
): Promise<string> {
  const { environment, signal, onProgress } = options;
  await stopCluster(folder);
  for (let attempt = 1; ; attempt++) {
    try {
      onProgress?.(`Starting ${kind.what} for ${environment}`);
      return await startOnce(kind, folder, tools, options, attempt);
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
        throw startFailed(kind, folder, failure, logs);
      }
      onProgress?.('Another process took one of its ports meanwhile; trying others');
    }
  }
}

async function startOnce<Tools>(
  kind: LocalCluster<Tools>,
  folder: EmbeddedFolder,
  tools: Tools,
  { signal: given, onProgress }: ClusterOptions,
  attempt: number,
): Promise<string> {
  const started = Date.now();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const signal = given ? AbortSignal.any([given, deadline]) : deadline;
  const seed = folderHash(`${folder.path}${'#'.repeat(attempt - 1)}`).readUInt32BE();
  const record = await kind.start({ folder, tools, seed, signal, onProgress });
  const cluster = await openLocal(folder, kind.provider, { signal });
  try {
    const deadlineMs = DEADLINE_MS - (Date.now() - started);
    await kind.settle({ cluster, record, deadlineMs, signal, onProgress });
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
  { provider }: Pick<LocalCluster<never>, 'provider'>,
  folder: EmbeddedFolder,
  failure: StartFailure,
  logs: readonly Log[],
): ClusterError {
  const log = logs.find(({ name }) => name === `${failure.component ?? ''}.log`);
  const quoted = log?.text.trimEnd().split('\n').slice(-QUOTED_LINES).join('\n');
  return new ClusterError(
    'start-failed',
    `Cannot start the ${provider} cluster of ${folder.environment}: ${failure.message}. ` +
      (log
        ? `See ${log.path}, which ends in:\n${quoted ?? ''}`
        : `See the logs in ${folder.failedStart}.`),
    { cause: failure },
  );
}
