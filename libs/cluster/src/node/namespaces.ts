import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import {
  CLUSTER_VARIABLE,
  isRunning,
  processId,
  type ProcessId,
} from '../embedded/process-table.ts';
import { StartFailure } from '../embedded/start-failure.ts';
import { INSIDE, type NodeFolder } from './node-folder.ts';
import type { SystemPrograms } from './programs.ts';

/** The network, mount and pid namespace that all of a node lives in. */
export interface Namespaces {
  /** Ends all that runs in them, and with that the namespaces, when it is killed. */
  readonly owner: ProcessId;
  /** Pid of their first process, as this machine sees it. */
  readonly init: number;
}

export interface NamespacesOptions {
  readonly folder: EmbeddedFolder;
  readonly node: NodeFolder;
  readonly programs: SystemPrograms;
  /** The program that becomes the first process of the namespaces. */
  readonly pause: string;
  /** Absolute paths of folders that the node needs to see, even where it hides what is around them. */
  readonly visible: readonly string[];
  readonly signal: AbortSignal;
}

const POLL_MS = 5;

/** Kernel settings that kubelet insists on, and would change for the whole machine. */
export const KERNEL_SETTINGS = {
  'vm/overcommit_memory': 1,
  'vm/panic_on_oom': 0,
  'kernel/panic': 10,
  'kernel/panic_on_oops': 1,
  'kernel/keys/root_maxkeys': 1_000_000,
  'kernel/keys/root_maxbytes': 25_000_000,
} as const;

/**
 * Gives the node folders of its own where daemons write to fixed places, then becomes the program that holds the
 * namespaces. Files with the values that kubelet wants lie over the kernel's settings: it reads them and leaves the
 * machine alone. What needs to be seen and is hidden by that is bound to its place again.
 */
const INIT = `
set -eu
pause=$1 etc=$2 lib=$3 log=$4
shift 4
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p ${INSIDE} /run/visible
mount --bind "$etc" ${INSIDE}
i=0
for folder in "$@"; do
  mkdir "/run/visible/$i"
  mount --bind "$folder" "/run/visible/$i"
  i=$((i + 1))
done
mount --bind "$lib" /var/lib
mount --bind "$log" /var/log
i=0
for folder in "$@"; do
  if ! [ "$folder" -ef "/run/visible/$i" ]; then
    mkdir -p "$folder"
    mount --bind "/run/visible/$i" "$folder"
  fi
  i=$((i + 1))
done
for setting in ${Object.keys(KERNEL_SETTINGS).join(' ')}; do
  mount --bind "${INSIDE}/sysctl/$setting" "/proc/sys/$setting"
done
exec "$pause"
`;

/** Makes the namespaces. They outlive this process. @throws {StartFailure} */
export async function createNamespaces(options: NamespacesOptions): Promise<Namespaces> {
  const { folder, node, programs, pause, visible, signal } = options;
  const log = await open(join(node.daemonLogs, 'namespaces.log'), 'a', 0o600);
  try {
    const child = spawn(
      programs.paths.unshare,
      [
        ...['--net', '--mount', '--propagation', 'slave', '--pid', '--mount-proc'],
        ...['--fork', '--kill-child=SIGKILL', '/bin/sh', '-c', INIT, 'init'],
        ...[pause, node.etc, node.lib, node.log, ...visible],
      ],
      {
        cwd: '/',
        detached: true,
        env: { PATH: programs.searchPath, [CLUSTER_VARIABLE]: folder.path },
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    child.on('error', () => undefined);
    child.unref();
    const owner = child.pid === undefined ? undefined : processId(child.pid);
    if (owner === undefined) {
      throw new StartFailure('namespaces ended', 'namespaces');
    }
    return { owner, init: await initOf(owner, signal) };
  } finally {
    await log.close();
  }
}

/** The first process in namespaces that were made before; `undefined` when they are gone. */
export function openNamespaces(owner: ProcessId): Namespaces | undefined {
  const init = isRunning(owner) ? childOf(owner.pid) : undefined;
  return init === undefined ? undefined : { owner, init };
}

/** A command that runs the one that follows it in the namespaces. */
export function within({ init }: Namespaces, { paths }: SystemPrograms): readonly string[] {
  return [paths.nsenter, `--target=${init}`, '--net', '--mount', '--pid', '--'];
}

/** The running process that has this pid in the namespaces. */
export function processWithin({ init }: Namespaces, pid: number): ProcessId | undefined {
  const namespace = pidNamespaceOf(String(init));
  for (const name of pidsOfAll()) {
    // The last of the pids is that in the innermost namespace, see proc_pid_status(5).
    const inner = /^NSpid:.*\s(\d+)$/m.exec(readProc(`${name}/status`))?.[1];
    if (Number(inner) === pid && namespace !== '' && pidNamespaceOf(name) === namespace) {
      return processId(Number(name));
    }
  }
  return undefined;
}

// The first process is what the script becomes once everything is mounted.
async function initOf(owner: ProcessId, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const child = childOf(owner.pid);
    if (child !== undefined && readProc(`${child}/comm`).trim() === 'pause') {
      return child;
    }
    if (!isRunning(owner)) {
      throw new StartFailure('namespaces ended', 'namespaces');
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

function childOf(pid: number): number | undefined {
  const name = pidsOfAll().find(
    (candidate) => Number(/^PPid:\s+(\d+)$/m.exec(readProc(`${candidate}/status`))?.[1]) === pid,
  );
  return name === undefined ? undefined : Number(name);
}

function pidsOfAll(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function pidNamespaceOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return '';
  }
}

// A process may end between any two looks at it.
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
