import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedFolder } from './embedded-folder.ts';
import { COMPONENTS, type ClusterRecord, type Component } from './cluster-record.ts';
import type { EmbeddedTools } from './embedded-tools.ts';
import { type ControlPlanePorts, kwokctlConfiguration } from './kwokctl-configuration.ts';
import { CLUSTER_VARIABLE, processId } from './process-table.ts';
import { StartFailure } from './start-failure.ts';
import { writePrivately } from './write-privately.ts';

interface StartOptions {
  readonly folder: EmbeddedFolder;
  readonly tools: EmbeddedTools;
  readonly ports: ControlPlanePorts;
  readonly signal: AbortSignal;
}

const POLL_MS = 100;

/**
 * Starts the control plane with kwokctl and returns when its API server answers. The processes have sessions of their
 * own and outlive this one.
 *
 * @throws {StartFailure} what was started so far is left running, for the caller to stop.
 */
export async function startControlPlane(options: StartOptions): Promise<ClusterRecord> {
  const { folder, tools, ports, signal } = options;
  const bin = join(folder.controlPlane, 'bin');
  const { binaries } = tools;
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await mkdir(bin, { recursive: true, mode: 0o700 });
  // kwokctl takes what is already in its `bin` folder. Named there it needs no path of ours in its configuration, where
  // a "#" or "%" would have a meaning, and has nothing left to download.
  await Promise.all(
    [...COMPONENTS, 'kubectl' as const].map((name) =>
      symlink(name === 'kwok-controller' ? binaries.kwok : binaries[name], join(bin, name)),
    ),
  );
  const configuration = kwokctlConfiguration({ ports, kubernetesVersion: tools.kubernetesVersion });
  await writePrivately(folder.kwokctlConfiguration, JSON.stringify(configuration, undefined, 2));

  const failed = new AbortController();
  const kwokctl = runKwokctl(options, bin, AbortSignal.any([signal, failed.signal]));
  const watch = watchComponents(folder, failed.signal);
  try {
    await Promise.race([kwokctl, watch]);
  } finally {
    failed.abort();
    await Promise.allSettled([kwokctl, watch]);
  }
  signal.throwIfAborted();
  return await recordOf(folder);
}

async function runKwokctl(
  { folder, tools }: StartOptions,
  bin: string,
  signal: AbortSignal,
): Promise<void> {
  const { execa } = await import('execa');
  const result = await execa(
    tools.binaries.kwokctl,
    [
      'create',
      'cluster',
      `--name=${folder.clusterName}`,
      `--config=${folder.kwokctlConfiguration}`,
      '--kubeconfig=',
    ],
    {
      cwd: folder.path,
      // Nothing of the caller's environment: no proxy, no KUBECONFIG, no KWOK_*, and home is this folder.
      extendEnv: false,
      env: {
        HOME: folder.path,
        PATH: bin,
        KWOK_WORKDIR: folder.kwok,
        [CLUSTER_VARIABLE]: folder.path,
      },
      stdin: 'ignore',
      all: true,
      cancelSignal: signal,
      forceKillAfterDelay: 1000,
      reject: false,
    },
  );
  if (result.failed && !signal.aborted) {
    throw new StartFailure(`kwokctl failed: ${lastLines(result.all, 5) || result.message}`);
  }
}

// kwokctl waits two minutes for an API server, even for one that ended at once.
async function watchComponents(folder: EmbeddedFolder, signal: AbortSignal): Promise<never> {
  const started = new Map<Component, number>();
  for (;;) {
    signal.throwIfAborted();
    for (const name of COMPONENTS) {
      const pid = await recordedPid(folder, name);
      if (pid !== undefined) {
        started.set(name, pid);
      }
    }
    for (const [name, pid] of started) {
      if (processId(pid) === undefined) {
        throw new StartFailure(`${name} ended`, name);
      }
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function recordOf(folder: EmbeddedFolder): Promise<ClusterRecord> {
  const entries = await Promise.all(
    COMPONENTS.map(async (name) => {
      const pid = await recordedPid(folder, name);
      const id = pid === undefined ? undefined : processId(pid);
      if (id === undefined) {
        throw new StartFailure(`${name} ended`, name);
      }
      return [name, id] as const;
    }),
  );
  return { version: 1, processes: Object.fromEntries(entries) as ClusterRecord['processes'] };
}

// kwokctl truncates and then writes: an empty file is one that is being written.
async function recordedPid(folder: EmbeddedFolder, name: Component): Promise<number | undefined> {
  try {
    const text = await readFile(join(folder.controlPlane, 'pids', `${name}.pid`), 'utf8');
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
