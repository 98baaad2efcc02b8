import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { KERNEL_SETTINGS } from '../node/namespaces.ts';

/** What a node may not change on its machine; two of these are equal when it did not. */
export interface MachineState {
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly routes: readonly string[];
  readonly rules: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

/** Folders in which daemons of a node keep files when nobody stops them. */
const FOLDERS = ['/etc', '/opt', '/run', '/var/lib', '/var/log', '/var/run'];

/** The state of the machine, without what belongs to other nodes that may come and go meanwhile. */
export function machineState(): MachineState {
  const lines = (command: string, ...args: string[]) =>
    execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n');
  const ofNobody = (line: string) => !/\bprow-[0-9a-f]{8}\b/.test(line);
  return {
    // Without the numbers, which are given out anew.
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ').slice(3).join(' ')),
    interfaces: readdirSync('/sys/class/net').filter(ofNobody).sort(),
    routes: lines('ip', 'route', 'show', 'table', 'all').filter(ofNobody),
    rules: lines('nft', 'list', 'ruleset').join('\n'),
    settings: Object.fromEntries(
      Object.keys(KERNEL_SETTINGS).map((name) => [name, readFileSync(`/proc/sys/${name}`, 'utf8')]),
    ),
    files: FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`)),
  };
}

/** What is left of one node: groups below /sys/fs/cgroup of this name, and an interface of this name. */
export function tracesOf(cgroup: string, link: string): readonly string[] {
  const groups = execFileSync('find', ['/sys/fs/cgroup', '-maxdepth', '2', '-name', cgroup], {
    encoding: 'utf8',
  });
  return [
    ...groups.split('\n').filter((line) => line !== ''),
    ...readdirSync('/sys/class/net').filter((name) => name === link),
  ];
}
