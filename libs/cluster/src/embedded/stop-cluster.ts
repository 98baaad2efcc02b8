import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from '../cluster-error.ts';
import { removeTraces } from '../node/traces.ts';
import { readRecord } from './cluster-record.ts';
import type { EmbeddedFolder } from './embedded-folder.ts';
import { clusterProcesses, isRunning } from './process-table.ts';

const DEADLINE_MS = 15_000;
const POLL_MS = 20;

/**
 * Ends every process of the cluster and removes its folder. The data goes too, so nobody is asked to shut down nicely.
 * Nothing to stop is fine.
 *
 * @throws {ClusterError} `stop-failed` when a process stays, or belongs to another user, or a file cannot be removed.
 */
export async function stopCluster(folder: EmbeddedFolder): Promise<void> {
  await endProcesses(folder);
  await removeTraces(folder);
  await removeFiles(folder.path);
}

/** The same, but the logs stay, in {@link EmbeddedFolder.failedStart}. */
export async function stopFailedStart(folder: EmbeddedFolder): Promise<void> {
  await endProcesses(folder);
  await removeTraces(folder);
  await removeFiles(folder.failedStart);
  await rename(join(folder.controlPlane, 'logs'), folder.failedStart).catch(() => undefined);
  for (const name of await readdir(folder.path).catch(() => [])) {
    const path = join(folder.path, name);
    if (path !== folder.failedStart) {
      await removeFiles(path);
    }
  }
}

async function endProcesses(folder: EmbeddedFolder): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  // By record as well as by mark: the mark is the folder's path, and a checkout may have been moved. One that is ending
  // has lost its mark before it has let go of its ports.
  const seen = Object.values((await readRecord(folder.record))?.processes ?? {});
  for (;;) {
    seen.push(...clusterProcesses(folder.path));
    const left = new Map(seen.filter(isRunning).map((process) => [process.pid, process]));
    if (left.size === 0) {
      break;
    }
    if (Date.now() > deadline) {
      throw new ClusterError(
        'stop-failed',
        `Cannot stop the cluster in ${folder.path}: processes ${[...left.keys()].join(', ')} ` +
          `did not end within ${DEADLINE_MS / 1000} s. End them by hand, then try again.`,
      );
    }
    for (const pid of left.keys()) {
      end(pid, folder);
    }
    await sleep(POLL_MS);
  }
}

async function removeFiles(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch (error) {
    throw new ClusterError(
      'stop-failed',
      `Cannot remove ${path}: ${(error as Error).message}. Remove it by hand.`,
      { cause: error },
    );
  }
}

/** Removes the folder that all clusters share, once the last one is gone. */
export async function removeEmptyParent(folder: EmbeddedFolder): Promise<void> {
  try {
    await rmdir(folder.parent);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') {
      throw error;
    }
  }
}

function end(pid: number, folder: EmbeddedFolder): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      return;
    }
    throw new ClusterError(
      'stop-failed',
      `Cannot stop process ${pid} of the cluster in ${folder.path}: ${(error as Error).message}. ` +
        'Stop the cluster as the user who started it.',
      { cause: error },
    );
  }
}
