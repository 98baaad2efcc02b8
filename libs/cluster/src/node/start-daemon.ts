import { join } from 'node:path';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import type { Component } from '../embedded/cluster-record.ts';
import { CLUSTER_VARIABLE, type ProcessId } from '../embedded/process-table.ts';
import { StartFailure } from '../embedded/start-failure.ts';
import { type Namespaces, processWithin, within } from './namespaces.ts';
import { INSIDE, type NodeFolder } from './node-folder.ts';
import type { SystemPrograms } from './programs.ts';

export interface DaemonOptions {
  readonly folder: EmbeddedFolder;
  readonly node: NodeFolder;
  readonly namespaces: Namespaces;
  readonly programs: SystemPrograms;
  readonly signal: AbortSignal;
}

interface Surroundings {
  /** Environment variables, beside those that every daemon has. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Leaves the daemon the files of the machine, and gives it the machine's network namespace as descriptor 3.
   * Default: false.
   */
  readonly seesMachine?: boolean;
}

/** Leaves the command to the first process of the namespaces, and says which pid it has in there. */
const LEAVE = 'log=$1 third=$2; shift 2; "$@" </dev/null >>"$log" 2>&1 3<"$third" & echo $!';

/** Starts a daemon in the node's namespaces. It has a session of its own and outlives this process. */
export async function startDaemon(
  name: Component,
  command: readonly string[],
  { folder, node, namespaces, programs, signal }: DaemonOptions,
  { env = {}, seesMachine = false }: Surroundings = {},
): Promise<ProcessId> {
  const { execa } = await import('execa');
  const log = join(node.daemonLogs, `${name}.log`);
  const [nsenter = '', ...rest] = within(
    namespaces,
    programs,
    seesMachine ? ['net', 'pid'] : undefined,
  );
  const third = seesMachine ? `/proc/${process.pid}/ns/net` : '/dev/null';
  const args = [...rest, '/bin/sh', '-c', LEAVE, name, log, third, ...command];
  const { failed, stdout, stderr } = await execa(nsenter, args, {
    extendEnv: false,
    env: { PATH: programs.searchPath, HOME: INSIDE, [CLUSTER_VARIABLE]: folder.path, ...env },
    stdin: 'ignore',
    detached: true,
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  const id = failed ? undefined : processWithin(namespaces, Number(stdout));
  if (id === undefined) {
    throw new StartFailure(`${name} ended${failed ? `: ${stderr}` : ''}`, name);
  }
  return id;
}
