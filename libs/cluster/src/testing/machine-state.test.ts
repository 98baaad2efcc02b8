import { execFileSync, type ExecFileSyncOptions, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedFolder, embeddedFolder } from '../embedded/embedded-folder.ts';
import { CLUSTER_VARIABLE } from '../embedded/process-table.ts';
import { nodeFolder } from '../node/node-folder.ts';
import { nodeMachine } from '../node/requirements.ts';
import { changesSince, machineState } from './machine-state.ts';

const { problems } = await nodeMachine();
const skipped = problems.length > 0 ? ` (skipped: ${problems.join('; ')})` : '';

// What is planted has the name of the node in it, so that tests beside this one take it for another's.
describe.skipIf(skipped !== '')(`what a node may leave on its machine${skipped}`, () => {
  let workspaceRoot: string;
  let folder: EmbeddedFolder;
  let name: string;

  beforeAll(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'machine-'));
    folder = embeddedFolder({ environment: 'planted', workspaceRoot });
    name = nodeFolder(folder).link;
    mkdirSync(folder.path, { recursive: true });
  });

  afterAll(() => rm(workspaceRoot, { recursive: true }));

  const run = (command: string, ...args: string[]) => execFileSync(command, args);

  /** The changes that this makes, and that they are none once it is undone; another node's would not count. */
  function changesBy(plant: () => void, remove: () => void): readonly string[] {
    const before = machineState();
    plant();
    try {
      expect(changesSince(before, []).filter(isMine)).toEqual([]);
      return changesSince(before, [folder]).filter(isMine);
    } finally {
      remove();
      expect(changesSince(before, [folder]).filter(isMine)).toEqual([]);
    }
  }

  // Others may leave something at this very time.
  const isMine = (line: string) => line.includes(name.replace(/^.*-/, ''));

  test('a mount', () => {
    const path = join(workspaceRoot, name);
    mkdirSync(path);
    const changes = changesBy(
      () => run('mount', '-t', 'tmpfs', 'planted', path),
      () => run('umount', path),
    );
    expect(changes).toEqual([expect.stringMatching(`^\\+ mount / ${path} `)]);
  });

  test('an interface, and a route to it', () => {
    const changes = changesBy(
      () => {
        run('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'prow-00000000');
        run('ip', 'link', 'set', name, 'up');
        run('ip', 'route', 'add', '198.51.100.201/32', 'dev', name);
      },
      () => run('ip', 'link', 'delete', name),
    );
    expect(changes).toContain(`+ interface ${name}`);
    expect(changes).toContainEqual(
      expect.stringMatching(`^\\+ route 198\\.51\\.100\\.201 dev ${name}`),
    );
  });

  test('a rule', () => {
    const changes = changesBy(
      () => run('nft', 'add', 'table', 'inet', name),
      () => run('nft', 'delete', 'table', 'inet', name),
    );
    expect(changes).toEqual([expect.stringMatching(`^\\+ rule table inet ${name}`)]);
  });

  test('a file', () => {
    const path = `/run/${name}`;
    const changes = changesBy(
      () => {
        writeFileSync(path, '');
      },
      () => {
        rmSync(path);
      },
    );
    expect(changes).toContain(`+ file ${path}`);
  });

  test('a file that is gone', () => {
    const before = machineState();
    const missed = { ...before, file: [...before.file, '/etc/missed'] };
    expect(changesSince(missed, [folder])).toContain('- file /etc/missed');
  });

  test('a kernel setting', () => {
    const before = machineState();
    const [setting = '', ...rest] = before.setting;
    const changed = { ...before, setting: ['vm/overcommit_memory=7', ...rest] };
    expect(changesSince(changed, [folder])).toEqual(
      expect.arrayContaining([`+ setting ${setting}`, '- setting vm/overcommit_memory=7']),
    );
  });

  test('a control group, in each hierarchy', () => {
    const roots = hierarchies();
    expect(roots.length).toBeGreaterThan(0);
    for (const root of roots) {
      const group = join(root, folder.clusterName);
      const changes = changesBy(
        () => mkdirSync(join(group, 'kubepods'), { recursive: true }),
        () => {
          rmdirSync(join(group, 'kubepods'));
          rmdirSync(group);
        },
      );
      expect(changes).toEqual([`+ control group ${group}`, `+ control group ${group}/kubepods`]);
    }
  });

  test('not a group of others, in which their processes run', async () => {
    const before = machineState();
    const [root = ''] = hierarchies();
    const group = join(root, `others-${name}`);
    mkdirSync(group);
    const pid = orphan('sleep 60');
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
    expect(changesSince(before, [folder])).not.toContain(`+ control group ${group}`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => changesSince(before, [folder])).toContain(`+ control group ${group}`);
    rmdirSync(group);
  });

  describe('a process, known by', () => {
    test.each([
      ['its variable', () => orphan('sleep 60', { env: { [CLUSTER_VARIABLE]: folder.path } })],
      ['its folder', () => orphan('sleep 60', { cwd: folder.path })],
      [
        'its mount namespace',
        () => orphan(`unshare --mount sh -c "mount --bind ${folder.path} /mnt; exec sleep 60"`),
      ],
      ['who started it', () => spawn('sleep', ['60']).pid ?? 0],
    ])('%s', async (_name, plant) => {
      const before = machineState();
      const pid = plant();
      await expect
        .poll(() => changesSince(before, [folder]))
        .toContain(`+ process ${pid} sleep 60`);
      expect(changesSince(before, []).join()).not.toContain(String(pid));
      process.kill(pid, 'SIGKILL');
      await expect
        .poll(() => changesSince(before, [folder]).join())
        .not.toContain(`process ${pid}`);
    });

    test('its control group', async () => {
      const before = machineState();
      const [root = ''] = hierarchies();
      const group = join(root, folder.clusterName);
      mkdirSync(group);
      const pid = orphan('sleep 60');
      writeFileSync(join(group, 'cgroup.procs'), String(pid));
      expect(changesSince(before, [folder])).toEqual(
        expect.arrayContaining([`+ control group ${group}`, `+ process ${pid} sleep 60`]),
      );
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => removed(group)).toBe(true);
      expect(changesSince(before, [folder]).filter(isMine)).toEqual([]);
    });
  });
});

/** Starts a command that nobody waits for; its pid. */
function orphan(command: string, options: ExecFileSyncOptions = {}): number {
  const script = `${command} >/dev/null 2>&1 & echo $!`;
  const env = { PATH: process.env['PATH'], ...options.env };
  return Number(execFileSync('sh', ['-c', script], { ...options, env }));
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}

/** Where each hierarchy of control groups is mounted. */
function hierarchies(): string[] {
  const root = '/sys/fs/cgroup';
  const names = readdirSync(root);
  if (names.includes('cgroup.procs')) return [root];
  return names
    .map((name) => join(root, name))
    .filter((path) => readdirSync(path).includes('cgroup.procs'));
}
