import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '@prow-deploy/environment';
import { SecretsError } from './errors.ts';
import { secretsDirectory } from './secret-files.ts';

/** Name of the lock, beside the folder that it protects. */
export const SECRETS_LOCK = '.secrets-lock';

/** A holder that was killed is noticed after this time. */
const STALE_MS = 5000;
const POLL_MS = 50;
/** Longer than a source may take: sops may have to be built first. */
const DEADLINE_MS = 600_000;

/**
 * Does the work while no other process replaces or removes the environment's secrets. The signal that it is given is
 * aborted also when the lock was lost, as after a long sleep of the machine.
 *
 * @throws {SecretsError} `locked` when the other one does not finish in time, or took the lock.
 */
export async function withSecretsLock<T>(
  environment: Environment,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(environment, signal, lost);
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire(
  environment: Environment,
  signal: AbortSignal | undefined,
  lost: AbortController,
): Promise<() => Promise<void>> {
  const { lock } = (await import('proper-lockfile')).default;
  const { name, directory } = environment;
  const lockfilePath = join(directory, SECRETS_LOCK);
  for (const deadline = Date.now() + DEADLINE_MS; ;) {
    signal?.throwIfAborted();
    try {
      return await lock(secretsDirectory(environment), {
        lockfilePath,
        realpath: false,
        stale: STALE_MS,
        onCompromised: (cause) => {
          const says = `Cannot go on with the secrets of ${name}: another process took their lock. Try again.`;
          lost.abort(new SecretsError('locked', says, { cause }));
        },
      });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ELOCKED') throw cause;
      if (Date.now() > deadline) {
        throw new SecretsError(
          'locked',
          `Cannot copy the secrets of ${name}: another process is at it since over ${DEADLINE_MS / 60_000} minutes. ` +
            `Stop that one, or remove ${lockfilePath} if there is none.`,
          { cause },
        );
      }
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
