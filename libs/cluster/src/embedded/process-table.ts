import { readdirSync, readFileSync } from 'node:fs';

/** Set for every process of an embedded cluster, to the cluster's folder: its processes are found without any record. */
export const CLUSTER_VARIABLE = 'PROW_DEPLOY_CLUSTER';

/** A process that cannot be mistaken for a later one with the same pid, not even after a reboot. */
export interface ProcessId {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly startTime: string;
  readonly bootId: string;
}

/** Whether this very process runs. One that ended and was not waited for (a zombie) does not. */
export function isRunning({ pid, startTime, bootId }: ProcessId): boolean {
  return startTimeOf(pid) === startTime && currentBootId() === bootId;
}

/** The identity of a running process, or `undefined` when none has this pid. */
export function processId(pid: number): ProcessId | undefined {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? undefined : { pid, startTime, bootId: currentBootId() };
}

/**
 * The processes that were started for the cluster in this folder, as far as they belong to this user: they carry
 * {@link CLUSTER_VARIABLE}. So they are found even when the folder was deleted, or a start was killed half way.
 */
export function clusterProcesses(folder: string): readonly ProcessId[] {
  const wanted = `${CLUSTER_VARIABLE}=${folder}`;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || !environmentOf(name).includes(wanted)) {
      return [];
    }
    return processId(Number(name)) ?? [];
  });
}

function environmentOf(pid: string): readonly string[] {
  return (readProc(`${pid}/environ`) ?? '').split('\0');
}

function startTimeOf(pid: number): string | undefined {
  const stat = readProc(`${pid}/stat`);
  if (stat === undefined) {
    return undefined;
  }
  // The second field is the command in parentheses, which may itself hold spaces and parentheses (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, startTime] = [fields[0], fields[17], fields[19]];
  // The main thread ends first. While others are left, so are its ports and files.
  return (state === 'Z' && threads !== '0' && threads !== '1') || !/[ZX]/.test(state ?? '')
    ? startTime
    : undefined;
}

function currentBootId(): string {
  return (readProc('sys/kernel/random/boot_id') ?? '').trim();
}

// A process may end, or belong to somebody else, between any two looks at it: both mean that it is not ours.
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}
