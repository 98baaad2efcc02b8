import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { clusterDown } from '../cluster-down.ts';
import { clusterReset } from '../cluster-reset.ts';
import { clusterUp } from '../cluster-up.ts';
import { connect } from '../connect.ts';
import { isRunning, processId } from '../embedded/process-table.ts';
import { kubevirtciUp, machineDoubts } from './kubevirtci-cluster.ts';
import type { KubevirtciOptions } from './scripts.ts';

// A folder of scripts that behave like kubevirtci's; the cluster that they bring up is a real one, of provider embedded.
let root: string;
let kubeconfig: string;
const real = () => ({
  environment: 'behind',
  workspaceRoot: root,
  spec: { provider: 'embedded' as const, nodes: [{ name: 'node01' }] },
});

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kubevirtci-test-'));
  ({ kubeconfig } = await clusterUp(real()));
}, 900_000);
afterAll(async () => {
  await clusterDown(real());
  await rm(root, { recursive: true });
}, 60_000);

let folder: string;
let options: KubevirtciOptions;
let progress: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'ci-'));
  await mkdir(join(folder, 'cluster-up'));
  await script('up', 'touch up');
  await script('down', 'rm -f up kubeconfig-written');
  await script('kubeconfig', `[ -e up ] && echo ${kubeconfig} || echo ${folder}/none`);
  vi.stubEnv('KUBEVIRTCI_DIR', folder);
  progress = [];
  options = {
    environment: 'testing',
    workspaceRoot: folder,
    spec: { provider: 'kubevirtci' },
    onProgress: (line) => void progress.push(line),
  };
});
afterEach(() => vi.unstubAllEnvs());

async function script(name: string, body: string): Promise<void> {
  const path = join(folder, 'cluster-up', `${name}.sh`);
  await writeFile(path, `#!/bin/bash\necho ${name} >> ${folder}/calls\n${body}\n`);
  await chmod(path, 0o755);
}
const calls = async () =>
  (await readFile(join(folder, 'calls'), 'utf8'))
    .split('\n')
    .filter((call) => /up|down/.test(call));
const QUICK = { readyWithinMs: 1500, runningWithinMs: 500 };

describe('up, down and kubeconfig', () => {
  test('are those of the scripts, and a cluster that runs is not started again', async () => {
    const state = await clusterUp(options);
    expect(state).toMatchObject({
      environment: 'testing',
      started: true,
      kubeconfig,
      context: 'behind',
      nodes: ['node01'],
    });
    expect(await clusterUp(options)).toMatchObject({ started: false });
    const cluster = await connect(options);
    expect(cluster).toMatchObject({ provider: 'kubevirtci', simulated: false });
    await cluster.identity();
    cluster.close();
    await clusterReset(options);
    await clusterDown(options);
    await expect(connect(options)).rejects.toMatchObject({ code: 'not-running' });
    expect(await calls()).toEqual(['down', 'up', 'down', 'up', 'down']);
    expect(existsSync(join(folder, '.cluster'))).toBe(false);
  });

  test('get what environment.yaml says, and never the user’s own kubeconfig', async () => {
    vi.stubEnv('KUBECONFIG', '/home/me/.kube/config');
    await script(
      'up',
      'echo "$KUBEVIRT_PROVIDER $KUBEVIRT_MEMORY_SIZE $KUBEVIRT_NUM_NODES [$KUBECONFIG]" > with; touch up',
    );
    await clusterUp({
      ...options,
      spec: { provider: 'kubevirtci', kubernetesProvider: 'k8s-1.31', memory: '6144M', nodes: 3 },
    });
    expect(await readFile(join(folder, 'with'), 'utf8')).toBe('k8s-1.31 6144M 3 []\n');
  });

  test('show what they print while they run', async () => {
    await script('up', 'echo Pulling images; touch up');
    await clusterUp(options);
    expect(progress).toContain('up.sh: Pulling images');
  });
});

describe('what goes wrong is told, and taken down', () => {
  test.each([
    ['not enough memory', 'cannot set up guest memory: Cannot allocate memory', 1],
    ['no KVM', 'Could not access KVM kernel module: No such file or directory', 125],
  ])('%s', async (_title, message, code) => {
    await script('up', `touch up; echo '${message}' >&2; exit ${code}`);
    await expect(clusterUp(options)).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringMatching(
        new RegExp(
          `up\\.sh ended with exit code ${code}\\..*last lines of up\\.sh:\n${message}`,
          's',
        ),
      ) as string,
    });
    expect(await calls()).toEqual(['down', 'up', 'down']);
    expect(existsSync(join(folder, 'up'))).toBe(false);
  });

  test('a cluster that is half up is taken down, and started anew', async () => {
    const dead = JSON.parse(
      (await readFile(kubeconfig, 'utf8')).replace(/https:[^"]*/, 'https://127.0.0.1:1'),
    ) as object;
    await writeFile(join(folder, 'dead'), JSON.stringify(dead));
    await script('kubeconfig', `[ -e up ] && echo ${kubeconfig} || echo ${folder}/dead`);
    expect(await kubevirtciUp(options, QUICK)).toMatchObject({ started: true });
    expect(progress.join('\n')).toContain('is started anew, because it does not work');
    expect(await calls()).toEqual(['down', 'up']);
  });

  test('up.sh that ends well, and no cluster that answers', async () => {
    const dead = (await readFile(kubeconfig, 'utf8')).replace(/https:[^"]*/, 'https://127.0.0.1:1');
    await writeFile(join(folder, 'dead'), dead);
    await script('kubeconfig', `[ -e up ] && echo ${folder}/dead || echo ${folder}/none`);
    await expect(kubevirtciUp(options, QUICK)).rejects.toThrow(
      /up\.sh is done, and yet .*127\.0\.0\.1:1/,
    );
    expect((await calls()).at(-1)).toBe('down');
  });

  test('down.sh that fails', async () => {
    await script('down', 'echo no permission; exit 4');
    await expect(clusterDown(options)).rejects.toThrow(
      'down.sh ended with exit code 4. Its last lines:\nno permission',
    );
  });

  test('Ctrl-C ends up.sh with all that it started, and takes it down', async () => {
    await script('up', 'touch up; sleep 300 & echo $! > child; wait');
    const stop = new AbortController();
    const up = clusterUp({ ...options, signal: stop.signal });
    await vi.waitFor(() => readFile(join(folder, 'child'), 'utf8'), 5000);
    const child = processId(Number(await readFile(join(folder, 'child'), 'utf8')));
    stop.abort();
    await expect(up).rejects.toMatchObject({ name: 'AbortError' });
    expect(child && isRunning(child)).toBe(false);
    expect((await calls()).at(-1)).toBe('down');
  });

  test('what this machine lacks is named', () => {
    expect(machineDoubts({ memoryBytes: 8 * 2 ** 30, hasKvm: false })).toEqual([
      'this machine has 8.0 GiB of memory, and its virtual machines need 16 GiB',
      'there is no /dev/kvm, which its virtual machines need: turn virtualisation on',
    ]);
    expect(machineDoubts({ memoryBytes: 15.6 * 2 ** 30, hasKvm: true })).toEqual([]);
  });
});

describe('what is no kubevirtci of this machine is refused', () => {
  test('no KUBEVIRTCI_DIR, and one without scripts', async () => {
    await rm(join(folder, 'cluster-up/down.sh'));
    await expect(clusterUp(options)).rejects.toThrow(/there is no .*down\.sh that can be run/);
    vi.stubEnv('KUBEVIRTCI_DIR', '');
    await expect(connect(options)).rejects.toThrow('KUBEVIRTCI_DIR is not set');
  });

  test('a cluster that is elsewhere', async () => {
    const other = (await readFile(kubeconfig, 'utf8')).replace(
      /https:[^"]*/,
      'https://10.0.0.1:6443',
    );
    await writeFile(join(folder, 'other'), other);
    await script('kubeconfig', `echo ${folder}/other`);
    await expect(clusterUp(options)).rejects.toMatchObject({ code: 'not-ours' });
    await expect(connect(options)).rejects.toThrow('https://10.0.0.1:6443');
    expect(await calls()).toEqual([]);
  });
});
