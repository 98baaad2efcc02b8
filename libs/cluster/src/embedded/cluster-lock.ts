import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import type { EmbeddedFolder } from './embedded-folder.ts';
import { removeEmptyParent } from './stop-cluster.ts';

/** A holder that died without letting go is noticed after this time. */
const STALE_MS = 5000;
const POLL_MS = 100;
/** Longer than a start may take. */
const DEADLINE_MS = 180_000;

/**
 * Does the work while no other process starts or stops the same cluster. The signal that it is given is aborted also
 * when the lock was lost, as after a long sleep of the machine.
 *
 * @throws {ClusterError} `locked` when the other one does not finish in time.
 */
export async function withClusterLock<T>(
  folder: EmbeddedFolder,
  { signal, onProgress }: Pick<ClusterOptions, 'signal' | 'onProgress'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(folder, { signal, onProgress }, lost);
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    if (!lost.signal.aborted) {
      await release();
    }
    await removeEmptyParent(folder);
  }
}

async function acquire(
  folder: EmbeddedFolder,
  { signal, onProgress }: Pick<ClusterOptions, 'signal' | 'onProgress'>,
  lost: AbortController,
): Promise<() => Promise<void>> {
  const { lock } = (await import('proper-lockfile')).default;
  const deadline = Date.now() + DEADLINE_MS;
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await mkdir(folder.parent, { recursive: true, mode: 0o700 });
      return await lock(folder.path, {
        lockfilePath: folder.lock,
        realpath: false,
        stale: STALE_MS,
        onCompromised: (error) => {
          lost.abort(
            new ClusterError(
              'locked',
              `Cannot go on with the cluster in ${folder.path}: another process took its lock. Try again.`,
              { cause: error },
            ),
          );
        },
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // ENOENT: another process removed the empty parent between the two calls.
      if (code !== 'ELOCKED' && code !== 'ENOENT') {
        throw error;
      }
      if (Date.now() > deadline) {
        throw new ClusterError(
          'locked',
          `Cannot start or stop the cluster in ${folder.path}: another process is at it since over ` +
            `${DEADLINE_MS / 1000} s. Stop that one, or remove ${folder.lock} if there is none.`,
          { cause: error },
        );
      }
    }
    if (!told) {
      told = true;
      onProgress?.(
        `Waiting for another process that starts or stops the cluster of ${folder.environment}`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
