import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import { KERNEL_SETTINGS } from '../node/namespaces.ts';
import { nodeFolder } from '../node/node-folder.ts';
import { ownProcesses } from './own-processes.ts';

/** What a node may not change on its machine: lines by kind. Namespaces end with their last process, mount and file. */
export type MachineState = Readonly<Record<Kind, readonly string[]>>;
type Kind = 'mount' | 'interface' | 'route' | 'rule' | 'setting' | 'file' | 'control group';

/** Folders in which daemons of a node keep files when nobody stops them. */
const FOLDERS = [
  ...['/etc', '/opt', '/run', '/run/netns', '/var/lib', '/var/lib/cni', '/var/lib/kubelet'],
  ...['/var/log', '/var/log/containers', '/var/log/pods', '/var/run'],
  ...['.kube', '.kwok'].map((name) => join(homedir(), name)),
];
const CGROUPS = '/sys/fs/cgroup';
/** A link or control group of some node. */
const NAME = /\bprow-(?:deploy-[\w.-]+-)?[0-9a-f]{8}\b/g;

export function machineState(): MachineState {
  const output = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: 'utf8' });
  return {
    // Without the numbers, which are given out anew.
    mount: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ').slice(3).join(' ')),
    interface: readdirSync('/sys/class/net'),
    route: output('ip', 'route', 'show', 'table', 'all').trim().split('\n'),
    rule: output('nft', 'list', 'ruleset').split(/^(?=table )/m),
    setting: Object.keys(KERNEL_SETTINGS).map(
      (name) => `${name}=${readFileSync(`/proc/sys/${name}`, 'utf8').trim()}`,
    ),
    file: FOLDERS.flatMap((folder) => listed(folder).map((name) => join(folder, name))),
    'control group': foldersBelow(CGROUPS),
  };
}

/**
 * What is different on the machine since then, a line for each thing that came (`+`) or went (`-`), and the processes of
 * these clusters. Nodes of others, which have names and processes of their own, come and go meanwhile; so do groups in
 * which only others' processes run.
 */
export function changesSince(
  before: MachineState,
  own: readonly EmbeddedFolder[],
): readonly string[] {
  const after = machineState();
  const processes = ownProcesses(own);
  const names = own.flatMap((folder) => [folder.clusterName, nodeFolder(folder).link]);
  const isOthers = (line: string) => {
    const found = line.match(NAME) ?? [];
    return found.length > 0 && !found.some((name) => names.includes(name));
  };
  const came = (kind: Kind) => without(after[kind], before[kind]);
  const isInUse = (group: string) =>
    foldersBelow(group)
      .flatMap(processesIn)
      .some((pid) => !processes.has(pid));
  return [
    ...(Object.keys(after) as Kind[]).flatMap((kind) => {
      if (kind === 'control group') {
        return came(kind).flatMap((group) => (isInUse(group) ? [] : [`+ ${kind} ${group}`]));
      }
      return [
        ...came(kind).map((line) => `+ ${kind} ${line}`),
        ...without(before[kind], after[kind]).map((line) => `- ${kind} ${line}`),
      ];
    }),
  ]
    .filter((line) => !isOthers(line))
    .concat([...processes].map(([pid, command]) => `+ process ${pid} ${command}`));
}

/** What is left of one node: groups below /sys/fs/cgroup of this name, and an interface of this name. */
export function tracesOf(cgroup: string, link: string): readonly string[] {
  return [
    ...foldersBelow(CGROUPS).filter((path) => path.endsWith(`/${cgroup}`)),
    ...readdirSync('/sys/class/net').filter((name) => name === link),
  ];
}

/** Lines of the first list that the second has not, or not so often. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const index = rest.indexOf(line);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}

/** The folder and all below it; groups may go while they are read. */
function foldersBelow(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory());
    return [path, ...folders.flatMap(({ name }) => foldersBelow(join(path, name)))];
  } catch {
    return [];
  }
}

function processesIn(group: string): number[] {
  try {
    return readFileSync(join(group, 'cgroup.procs'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
