import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedFolder } from './embedded-folder.ts';
import type { ClusterRecord, Component } from './cluster-record.ts';
import type { EmbeddedTools } from './embedded-tools.ts';
import { CLUSTER_VARIABLE, processId, type ProcessId } from './process-table.ts';
import { StartFailure } from './start-failure.ts';
import { writePrivately } from './write-privately.ts';

interface StartOptions {
  readonly folder: EmbeddedFolder;
  readonly tools: EmbeddedTools;
  /** What {@link kwokctlConfiguration} gives. */
  readonly configuration: Record<string, unknown>;
  readonly components: readonly Component[];
  readonly signal: AbortSignal;
  /** A command that runs the one that follows it, such as in a namespace. Default: none. */
  readonly within?: readonly string[];
  /** The running process that has this pid where the control plane runs. Default: that of this very process's /proc. */
  readonly processOf?: (pid: number) => ProcessId | undefined;
}

type Watched = Required<Pick<StartOptions, 'folder' | 'components' | 'processOf'>>;

const POLL_MS = 100;

/** What kwokctl looks for in its `bin` folder, and the tool that it is. */
const NAMES_IN_BIN = [
  ['etcd', 'etcd'],
  ['kube-apiserver', 'kube-apiserver'],
  ['kube-controller-manager', 'kube-controller-manager'],
  ['kube-scheduler', 'kube-scheduler'],
  ['kwok-controller', 'kwok'],
  ['kubectl', 'kubectl'],
] as const;

/**
 * Starts the control plane with kwokctl and returns when its API server answers. The processes have sessions of their
 * own and outlive this one.
 *
 * @throws {StartFailure} what was started so far is left running, for the caller to stop.
 */
export async function startControlPlane(
  options: StartOptions,
): Promise<ClusterRecord['processes']> {
  const { folder, tools, configuration, components, signal, processOf = processId } = options;
  const bin = join(folder.controlPlane, 'bin');
  const { binaries } = tools;
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await mkdir(bin, { recursive: true, mode: 0o700 });
  // kwokctl takes what is already in its `bin` folder. Named there it needs no path of ours in its configuration, where
  // a "#" or "%" would have a meaning, and has nothing left to download.
  await Promise.all(NAMES_IN_BIN.map(([name, tool]) => symlink(binaries[tool], join(bin, name))));
  await writePrivately(folder.kwokctlConfiguration, JSON.stringify(configuration, undefined, 2));

  const failed = new AbortController();
  const kwokctl = runKwokctl(options, bin, AbortSignal.any([signal, failed.signal]));
  const watched = { folder, components, processOf };
  const watch = watchComponents(watched, failed.signal);
  try {
    await Promise.race([kwokctl, watch]);
  } finally {
    failed.abort();
    await Promise.allSettled([kwokctl, watch]);
  }
  signal.throwIfAborted();
  return await processesOf(watched);
}

async function runKwokctl(
  { folder, tools, within = [] }: StartOptions,
  bin: string,
  signal: AbortSignal,
): Promise<void> {
  const { execa } = await import('execa');
  const [command, ...rest] = [
    ...within,
    tools.binaries.kwokctl,
    'create',
    'cluster',
    `--name=${folder.clusterName}`,
    `--config=${folder.kwokctlConfiguration}`,
    '--kubeconfig=',
  ];
  const result = await execa(command, rest, {
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
  });
  if (result.failed && !signal.aborted) {
    throw new StartFailure(`kwokctl failed: ${lastLines(result.all, 5) || result.message}`);
  }
}

// kwokctl waits two minutes for an API server, even for one that ended at once.
async function watchComponents(
  { folder, components, processOf }: Watched,
  signal: AbortSignal,
): Promise<never> {
  const started = new Map<Component, number>();
  for (;;) {
    signal.throwIfAborted();
    for (const name of components) {
      const pid = await recordedPid(folder, name);
      if (pid !== undefined) {
        started.set(name, pid);
      }
    }
    for (const [name, pid] of started) {
      if (processOf(pid) === undefined) {
        throw new StartFailure(`${name} ended`, name);
      }
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function processesOf({
  folder,
  components,
  processOf,
}: Watched): Promise<ClusterRecord['processes']> {
  const entries = await Promise.all(
    components.map(async (name) => {
      const pid = await recordedPid(folder, name);
      const id = pid === undefined ? undefined : processOf(pid);
      if (id === undefined) {
        throw new StartFailure(`${name} ended`, name);
      }
      return [name, id] as const;
    }),
  );
  return Object.fromEntries(entries);
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
