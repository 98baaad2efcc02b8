import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One mounted hierarchy of control groups. */
interface Hierarchy {
  readonly path: string;
  readonly version: 1 | 2;
  /** Of version 1; those of version 2 are in its files. */
  readonly controllers: readonly string[];
}

/** What kubelet and runc cannot do without. */
const NEEDED_V1 = ['cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids'];
const NEEDED_V2 = ['cpu', 'cpuset', 'memory', 'pids'];
const DEADLINE_MS = 10_000;
const POLL_MS = 20;

/** The controllers that a node needs and that cannot be used here. */
export function missingControllers(mountinfo = readMountinfo()): readonly string[] {
  const hierarchies = parseHierarchies(mountinfo);
  const unified = unifiedOf(hierarchies);
  if (unified) {
    const has = wordsOf(join(unified.path, 'cgroup.controllers'));
    return NEEDED_V2.filter((name) => !has.includes(name));
  }
  const has = hierarchies.flatMap(({ controllers }) => controllers);
  return NEEDED_V1.filter((name) => !has.includes(name));
}

/**
 * Makes the group below which all pods are, in every hierarchy: kubelet refuses a root that is not there.
 * Version 1 gives a new group of `cpuset` no processors, so they are taken from its parent.
 */
export async function createCgroup(name: string): Promise<void> {
  const hierarchies = parseHierarchies(readMountinfo());
  const unified = unifiedOf(hierarchies);
  if (unified) {
    const enabled = NEEDED_V2.map((controller) => `+${controller}`).join(' ');
    await writeFile(join(unified.path, 'cgroup.subtree_control'), enabled);
    await mkdir(join(unified.path, name), { recursive: true });
    await writeFile(join(unified.path, name, 'cgroup.subtree_control'), enabled);
    return;
  }
  for (const { path, controllers } of hierarchies.filter(({ version }) => version === 1)) {
    await mkdir(join(path, name), { recursive: true });
    if (controllers.includes('cpuset')) {
      for (const file of ['cpuset.cpus', 'cpuset.mems']) {
        await writeFile(join(path, name, file), await readFile(join(path, file)));
      }
    }
  }
}

/**
 * Removes the group and all below it, once their processes are gone. That there is none is fine.
 *
 * @throws {Error} where a process stays in it.
 */
export async function removeCgroup(name: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (const { path } of parseHierarchies(readMountinfo())) {
    const root = join(path, name);
    while (existsSync(root)) {
      try {
        await removeGroups(root);
      } catch (error) {
        // The kernel lets go of a group a moment after its last process ended.
        if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || Date.now() > deadline) {
          throw error;
        }
        await sleep(POLL_MS);
      }
    }
  }
}

async function removeGroups(path: string): Promise<void> {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      await removeGroups(join(path, entry.name));
    }
  }
  await rmdir(path);
}

// Only a machine without any hierarchy of version 1 has its controllers in version 2.
function unifiedOf(hierarchies: readonly Hierarchy[]): Hierarchy | undefined {
  return hierarchies.every(({ version }) => version === 2) ? hierarchies[0] : undefined;
}

/** See proc_pid_mountinfo(5): the mount point is the fifth field; after " - " come type, source and options. */
function parseHierarchies(mountinfo: string): readonly Hierarchy[] {
  const hierarchies = new Map<string, Hierarchy>();
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const path = before.split(' ')[4] ?? '';
    const [type, , options = ''] = after.split(' ');
    if (type === 'cgroup') {
      hierarchies.set(path, { path, version: 1, controllers: options.split(',') });
    } else if (type === 'cgroup2') {
      hierarchies.set(path, { path, version: 2, controllers: [] });
    }
  }
  return [...hierarchies.values()];
}

function readMountinfo(): string {
  return readFileSync('/proc/self/mountinfo', 'utf8');
}

function wordsOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/);
  } catch {
    return [];
  }
}
