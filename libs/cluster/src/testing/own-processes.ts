import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import { CLUSTER_VARIABLE } from '../embedded/process-table.ts';

/**
 * The processes that belong to these clusters, or to the workspaces that they are of, and those that this process started,
 * each with its command. An end that was not waited for does not count.
 *
 * A process belongs to a cluster that carries its variable, is in its control group, or sees its files from a mount namespace of
 * its own, as containers do; and to a workspace where it runs in its folder, or was started with a path there.
 */
export function ownProcesses(own: readonly EmbeddedFolder[]): ReadonlyMap<number, string> {
  const ours = readLink('self/ns/mnt');
  const parents = new Map<number, number>();
  const found = new Map<number, string>();
  const commands = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const pid = Number(name);
    const stat = readText(`${name}/stat`);
    const [state = 'X', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (/[ZX]/.test(state) || pid === process.pid) continue;
    const command = readText(`${name}/cmdline`).replaceAll('\0', ' ').trim();
    commands.set(pid, command || stat.slice(0, stat.lastIndexOf(')') + 1));
    parents.set(pid, Number(parent));
    const environment = readText(`${name}/environ`).split('\0');
    const groups = readText(`${name}/cgroup`);
    const mounts = readLink(`${name}/ns/mnt`) === ours ? '' : readText(`${name}/mountinfo`);
    const places = [command, readLink(`${name}/cwd`), readLink(`${name}/exe`)];
    const belongs = own.some(({ path, parent, clusterName }) => {
      const workspaceRoot = dirname(parent);
      return (
        environment.includes(`${CLUSTER_VARIABLE}=${path}`) ||
        groups.includes(`/${clusterName}`) ||
        mounts.includes(path) ||
        places.some((place) => place.includes(workspaceRoot))
      );
    });
    if (belongs) found.set(pid, commands.get(pid) ?? '');
  }
  if (own.length === 0) return found;
  for (const [pid, command] of commands) {
    if (ancestors(pid, parents).includes(process.pid)) found.set(pid, command);
  }
  return found;
}

function ancestors(pid: number, parents: ReadonlyMap<number, number>): number[] {
  const parent = parents.get(pid);
  return parent === undefined ? [] : [parent, ...ancestors(parent, parents)];
}

// A process may end between any two looks at it.
function readText(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(`/proc/${path}`);
  } catch {
    return '';
  }
}
