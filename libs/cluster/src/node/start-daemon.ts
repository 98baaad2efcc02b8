import { join } from 'node:path';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import type { Component } from '../embedded/cluster-record.ts';
import { CLUSTER_VARIABLE, type ProcessId } from '../embedded/process-table.ts';
import { StartFailure } from '../embedded/start-failure.ts';
import { type Namespaces, processWithin, within } from './namespaces.ts';
import type { NodeFolder } from './node-folder.ts';
import type { SystemPrograms } from './programs.ts';

export interface DaemonOptions {
  readonly folder: EmbeddedFolder;
  readonly node: NodeFolder;
  readonly namespaces: Namespaces;
  readonly programs: SystemPrograms;
  readonly signal: AbortSignal;
}

/** Leaves the command to the first process of the namespaces, and says which pid it has in there. */
const LEAVE = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!';

/** Starts a daemon in the node's namespaces. It has a session of its own and outlives this process. */
export async function startDaemon(
  name: Component,
  command: readonly string[],
  { folder, node, namespaces, programs, signal }: DaemonOptions,
): Promise<ProcessId> {
  const { execa } = await import('execa');
  const log = join(node.daemonLogs, `${name}.log`);
  const [nsenter = '', ...rest] = within(namespaces, programs);
  const args = [...rest, '/bin/sh', '-c', LEAVE, name, log, ...command];
  const { failed, stdout, stderr } = await execa(nsenter, args, {
    extendEnv: false,
    env: { PATH: programs.searchPath, HOME: '/root', [CLUSTER_VARIABLE]: folder.path },
    stdin: 'ignore',
    detached: true,
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  const process = failed ? undefined : processWithin(namespaces, Number(stdout));
  if (process === undefined) {
    throw new StartFailure(`${name} ended${failed ? `: ${stderr}` : ''}`, name);
  }
  return process;
}
