import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { missingControllers } from './cgroups.ts';
import { CNI_PACKAGE, findPrograms, PROGRAMS } from './programs.ts';

const canUnshare = process.getuid?.() === 0 && (await succeeds('unshare', ['--mount', 'true']));

/** What is said to be missing on a machine that was changed by this script for the asking process alone. */
function problemsAfter(script: string): Promise<string> {
  return saidAfter(
    script,
    `requireNodeMachine({ environment: 'testing' })
      .then(() => 'nothing', ({ code, message }) => code + ' ' + message)`,
  );
}

/** What an expression over the file's exports gives, after this script. */
async function saidAfter(script: string, expression: string): Promise<string> {
  const source = JSON.stringify(fileURLToPath(new URL('requirements.ts', import.meta.url)));
  const ask = `
    const jiti = require('jiti').createJiti(${source});
    jiti.import(${source})
      .then(({ requireNodeMachine, snapshotterFor }) => ${expression})
      .then(console.log);
  `;
  const { stdout } = await promisify(execFile)(
    'unshare',
    ['--mount', 'sh', '-c', `set -e; ${script}; exec "$@"`, 'sh', process.execPath, '-e', ask],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );
  return stdout;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(command, args).then(
    () => true,
    () => false,
  );
}

test('every program is of a package', async () => {
  const { programs, missingPackages } = await findPrograms('/nowhere');
  if (programs) {
    expect(missingPackages).toEqual([]);
    expect(Object.keys(programs.paths).sort()).toEqual(Object.keys(PROGRAMS).sort());
  } else {
    expect([...Object.values(PROGRAMS), CNI_PACKAGE]).toEqual(
      expect.arrayContaining([...missingPackages]),
    );
  }
});

test('a missing controller is named, in version 1 and version 2', () => {
  const v1 = (...controllers: string[]) =>
    controllers
      .map((name) => `1 2 0:1 / /sys/fs/cgroup/${name} rw - cgroup cgroup rw,${name}`)
      .join('\n');
  const all = ['cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids'];
  const hybrid = '1 2 0:1 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw';
  expect(missingControllers(v1(...all))).toEqual([]);
  expect(missingControllers(`${v1('cpu,cpuacct', ...all.slice(2, -1))}\n${hybrid}`)).toEqual([
    'pids',
  ]);
  expect(missingControllers('1 2 0:1 / /nowhere rw - cgroup2 cgroup2 rw')).toEqual([
    'cpu',
    'cpuset',
    'memory',
    'pids',
  ]);
  expect(missingControllers('1 2 0:1 / / rw - ext4 /dev/sda rw')).toEqual(all);
});

test.skipIf(!canUnshare)(
  `all that is missing is named at once, each with its remedy${canUnshare ? '' : ' (skipped: it needs root)'}`,
  async () => {
    const message = await problemsAfter(
      [
        ...['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'].map(
          (folder) => `[ ! -d ${folder} ] || mount -t tmpfs tmpfs ${folder}`,
        ),
        'for p in /usr/sbin/nft /sbin/nft; do [ ! -e $p ] || mount --bind /dev/null $p; done',
        'find /sys/fs/cgroup -maxdepth 1 -name "*pids*" -type d -exec umount {} ";"',
        'if [ -e /sys/fs/cgroup/cgroup.controllers ]; then mount --bind /dev/null /sys/fs/cgroup/cgroup.controllers; fi',
      ].join('\n'),
    );
    expect(message).toMatch(/^start-failed Cannot run a node for testing on this machine:\n/);
    expect(message).toMatch(/apt-get install containernetworking-plugins nftables /);
    expect(message).toMatch(
      /there is no cgroup controller .*pids: mount it below \/sys\/fs\/cgroup/,
    );
    expect(message).toContain('"provider: embedded" runs the same control plane');
    expect(message).not.toContain('you are not root');
  },
);

test.skipIf(!canUnshare)(
  `whoever is not root is told${canUnshare ? '' : ' (skipped: it needs root to become somebody else)'}`,
  async () => {
    const message = await problemsAfter('set -- setpriv --reuid=65534 --clear-groups "$@"');
    expect(message).toContain('  - you are not root: run the same command as root');
  },
);

test.skipIf(!canUnshare)(
  `root without the right to make namespaces is told${canUnshare ? '' : ' (skipped: it needs root)'}`,
  async () => {
    const { programs } = await findPrograms();
    if (!programs) return;
    const message = await problemsAfter(
      'set -- setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$@"',
    );
    expect(message).toMatch(/namespaces cannot be made \(.*\): in a container, run that one with/);
  },
);

test.skipIf(!canUnshare)(
  `layers are stacked by the kernel where it can, and copied where it cannot${canUnshare ? '' : ' (skipped: it needs root)'}`,
  async () => {
    const tmpfs = 'mount -t tmpfs tmpfs /mnt';
    expect(await saidAfter(tmpfs, 'snapshotterFor("/mnt")')).toBe('overlayfs\n');
    const overlay = [
      tmpfs,
      'mkdir /mnt/lower /mnt/upper /mnt/work /mnt/all',
      'mount -t overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work all /mnt/all',
    ].join('\n');
    expect(await saidAfter(overlay, 'snapshotterFor("/mnt/all")')).toBe('native\n');
  },
);
