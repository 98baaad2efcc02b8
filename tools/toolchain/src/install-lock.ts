import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ToolchainError } from './errors.ts';
import type { Settings } from './settings.ts';

/** A lock not renewed for this long belongs to a killed run. Its holder renews it three times as often. */
const STALE_AFTER = 10_000;
const POLL_EVERY = 250;

interface Holder {
  readonly pid: number;
  readonly since: string;
}

/**
 * Does the work while no other run, of this or another process, installs from the same Go module.
 *
 * `work` gets a signal that also fires when the lock is lost.
 *
 * @throws {ToolchainError} `lock-timeout`, `lock-lost`.
 */
export async function withInstallLock<T>(
  options: {
    readonly module: string;
    readonly tools: readonly string[];
    readonly settings: Settings;
  },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { module, tools, settings } = options;
  const { signal, onProgress, timeouts } = settings;
  const { lock } = await import('proper-lockfile');
  const directory = join(settings.toolDirectory, '.locks');
  const path = join(directory, module);
  const holderPath = `${path}.json`;
  await mkdir(directory, { recursive: true });

  const lost = new AbortController();
  const started = Date.now();
  let release: (() => Promise<void>) | undefined;
  while (!release) {
    signal?.throwIfAborted();
    try {
      release = await lock(path, {
        realpath: false,
        lockfilePath: path,
        stale: STALE_AFTER,
        update: STALE_AFTER / 3,
        onCompromised: (cause) => {
          lost.abort(lockLost(module, cause));
        },
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      const holder = await readHolder(holderPath);
      const waited = Date.now() - started;
      if (waited > timeouts.lock) throw lockTimeout({ module, path, holder, waited });
      onProgress({
        type: 'waiting',
        tools,
        pid: holder?.pid,
        since: holder ? new Date(holder.since) : undefined,
        seconds: Math.round(waited / 1000),
      });
      await delay(POLL_EVERY);
    }
  }
  try {
    const holder: Holder = { pid: process.pid, since: new Date().toISOString() };
    await writeFile(holderPath, JSON.stringify(holder));
    const result = await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
    lost.signal.throwIfAborted();
    return result;
  } finally {
    if (!lost.signal.aborted) {
      await rm(holderPath, { force: true });
      await release();
    }
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    // The other run just began or just ended.
    return undefined;
  }
}

function lockLost(module: string, cause: Error): ToolchainError {
  return new ToolchainError(
    'lock-lost',
    `Cannot finish the installation of ${module}: its lock was taken away, as happens when the machine sleeps. Run it again.`,
    { cause },
  );
}

function lockTimeout(at: {
  readonly module: string;
  readonly path: string;
  readonly holder: Holder | undefined;
  readonly waited: number;
}): ToolchainError {
  const { module, path, holder, waited } = at;
  const who = holder ? `process ${holder.pid}, since ${holder.since}` : 'an unknown process';
  return new ToolchainError(
    'lock-timeout',
    `Cannot install from ${module}: another run (${who}) still installs after ${Math.round(waited / 1000)} s. Wait for it or stop it; if there is none, remove ${path}.`,
  );
}
