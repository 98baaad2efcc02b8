import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { NodeCluster } from '@prow-deploy/environment';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPLY_PATCH } from '../api-request.ts';
import type { Cluster, ClusterOptions } from '../cluster.ts';
import { clusterDown } from '../cluster-down.ts';
import { clusterReset } from '../cluster-reset.ts';
import { clusterUp } from '../cluster-up.ts';
import { connect } from '../connect.ts';
import { COMPONENTS, readRecord } from '../embedded/cluster-record.ts';
import { embeddedFolder } from '../embedded/embedded-folder.ts';
import { clusterProcesses, isRunning } from '../embedded/process-table.ts';
import { listeningAddresses } from '../testing/listening-addresses.ts';
import {
  changesSince,
  machineState,
  type MachineState,
  tracesOf,
} from '../testing/machine-state.ts';
import { serveImage } from '../testing/registry.ts';
import { isUp, startTerminal } from '../testing/terminal.ts';
import { using } from '../testing/using.ts';
import { gitFiles } from './images/git-files.ts';
import { writeImage } from './images/write-image.ts';
import { importImage } from './import-image.ts';
import { openNamespaces, within } from './namespaces.ts';
import { nodeFolder } from './node-folder.ts';
import { nodeTools, type NodeTools } from './node-tools.ts';
import { nodeMachine } from './requirements.ts';

/** Where nothing was built or downloaded yet, the first use of the tools takes minutes. */
const TOOLS_TIMEOUT_MS = 30 * 60_000;
const IMAGE = 'registry.example.org/tests/probe:v1';

/** Asks a proxy to be joined with a host, and prints what it answers and what the host then says. */
const JOIN = `
  const [, proxy, path] = process.argv;
  const { hostname, port, username, password } = new URL(proxy);
  const auth = 'Basic ' + Buffer.from(username + ':' + password).toString('base64');
  require('node:http')
    .request({ hostname, port, path, method: 'CONNECT', headers: { 'proxy-authorization': auth } })
    .on('connect', (response, socket, head) => {
      process.stdout.write(response.statusCode + ' ' + response.statusMessage + ' ' + head);
      socket.pipe(process.stdout);
      socket.on('end', () => socket.end());
    })
    .end();
`;

const { problems } = await nodeMachine();
const skipped = problems.length > 0 ? ` (skipped: ${problems.join('; ')})` : '';

type NodeOptions = ClusterOptions & { readonly spec: NodeCluster };

let workspaceRoot: string;
let tools: NodeTools;
let probe: string;
let before: MachineState;

function optionsFor(environment: string, labels: Record<string, string> = {}): NodeOptions {
  return { environment, workspaceRoot, spec: { provider: 'node', labels } };
}

function expectNothingLeft(options: ClusterOptions): void {
  const folder = embeddedFolder(options);
  const { cgroup, link } = nodeFolder(folder);
  expect(clusterProcesses(folder.path)).toEqual([]);
  expect(tracesOf(cgroup, link)).toEqual([]);
  expect(existsSync(folder.path)).toBe(false);
  expect(existsSync(folder.lock)).toBe(false);
}

describe.skipIf(skipped !== '')(`a node${skipped}`, () => {
  const shared = () => optionsFor('shared', { zone: 'ci', 'node-role.kubernetes.io/prow': '' });

  beforeAll(async () => {
    before = machineState();
    workspaceRoot = await mkdtemp(join(tmpdir(), 'node-'));
    tools = await nodeTools({});
    probe = join(workspaceRoot, 'probe');
    execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', probe, '.'], {
      cwd: join(import.meta.dirname, '../testing/probe'),
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
    });
    const terminal = startTerminal(shared());
    await isUp(terminal);
    const ended = once(terminal, 'exit');
    process.kill(-(terminal.pid ?? 0), 'SIGHUP');
    await ended;
    await importProbe(shared());
  }, TOOLS_TIMEOUT_MS);

  afterAll(async () => {
    const parent = join(workspaceRoot, '.cluster');
    for (const entry of existsSync(parent) ? readdirSync(parent) : []) {
      await clusterDown(optionsFor(entry.replace(/\.lock$/, '')));
    }
    await rm(workspaceRoot, { recursive: true });
  }, 60_000);

  async function importProbe(options: ClusterOptions): Promise<void> {
    const tar = join(workspaceRoot, 'probe.tar');
    await writeImage({
      path: tar,
      name: IMAGE,
      files: [{ path: '/app/probe', source: probe }],
      entrypoint: ['/app/probe'],
      user: '65532',
      env: { GREETING: 'hello' },
    });
    await importImage({ ...options, name: IMAGE, tar });
  }

  /** A Deployment and a Service of one container. */
  async function deploy(
    cluster: Cluster,
    name: string,
    args: readonly string[],
    image = IMAGE,
  ): Promise<void> {
    const labels = { app: name };
    const container = { name, image, args, ports: [{ containerPort: 8080 }] };
    await put(cluster, `/apis/apps/v1/namespaces/default/deployments/${name}`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: { zone: 'ci' },
            terminationGracePeriodSeconds: 0,
            containers: [container],
          },
        },
      },
    });
    await put(cluster, `/api/v1/namespaces/default/services/${name}`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
  }

  async function put(cluster: Cluster, path: string, body: unknown): Promise<void> {
    await cluster.request({
      method: 'PATCH',
      path,
      query: { fieldManager: 'test', force: true },
      contentType: APPLY_PATCH,
      body,
    });
  }

  async function ready(cluster: Cluster, name: string): Promise<void> {
    const path = `/apis/apps/v1/namespaces/default/deployments/${name}`;
    await expect
      .poll(
        async () => ((await cluster.request({ path })).body as Deployment).status.readyReplicas,
        {
          timeout: 30_000,
        },
      )
      .toBe(1);
  }

  interface Deployment {
    readonly status: { readonly readyReplicas?: number };
  }

  interface Pod {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly nodeName: string };
    readonly status: {
      readonly podIP: string;
      readonly containerStatuses?: readonly {
        readonly restartCount: number;
        readonly state: { readonly waiting?: { readonly reason: string } };
      }[];
    };
  }

  async function podOf(cluster: Cluster, name: string): Promise<Pod> {
    const { body } = await cluster.request({
      path: '/api/v1/namespaces/default/pods',
      query: { labelSelector: `app=${name}` },
    });
    const [pod] = (body as { items: Pod[] }).items;
    if (pod === undefined) throw new Error(`no pod of ${name}`);
    return pod;
  }

  async function logOf(cluster: Cluster, pod: Pod, previous = false): Promise<unknown> {
    const { body } = await cluster.request({
      path: `/api/v1/namespaces/default/pods/${pod.metadata.name}/log`,
      query: { previous },
      accept: '*/*',
    });
    return body;
  }

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { kubeconfig } = await using(shared(), (cluster) => Promise.resolve(cluster));
    const { stdout } = await promisify(execFile)(
      tools.binaries.kubectl,
      ['--kubeconfig', kubeconfig, ...args],
      { env: { HOME: workspaceRoot } },
    );
    return stdout;
  }

  describe('that runs', () => {
    test('outlives the process that started it, and the terminal of that', async () => {
      expect(await clusterUp(shared())).toMatchObject({ started: false, nodes: ['node01'] });
    });

    test('runs a Deployment: its log is read through the API server', async () => {
      await using(shared(), async (cluster) => {
        expect(cluster).toMatchObject({ provider: 'node', simulated: false, context: 'shared' });
        await deploy(cluster, 'served', ['serve']);
        await ready(cluster, 'served');
        const pod = await podOf(cluster, 'served');
        expect(pod.spec.nodeName).toBe('node01');
        expect(await logOf(cluster, pod)).toBe('serving as 65532:0 with GREETING=hello\n');
      });
    }, 60_000);

    test('an image with git clones and merges, and asks over HTTP', async () => {
      const name = 'registry.example.org/tests/git:v1';
      const tar = join(workspaceRoot, 'git.tar');
      await writeImage({
        path: tar,
        name,
        base: await gitFiles(),
        files: [
          { path: '/app/probe', source: probe },
          { path: '/tmp', mode: 0o1777 },
        ],
        entrypoint: ['/app/probe'],
        user: '65532',
      });
      await importImage({ ...shared(), name, tar });
      await using(shared(), async (cluster) => {
        await deploy(cluster, 'git', ['serve'], name);
        await ready(cluster, 'git');
      });
      const sh = (script: string) =>
        kubectl('exec', 'deployment/git', '--', 'sh', '-c', `set -e; cd /tmp; ${script}`);
      const git = 'git -c user.name=test -c user.email=test@localhost';
      const commit = (message: string) => `${git} commit --quiet --allow-empty -m ${message}`;
      const merged = await sh(
        `git init --quiet one; cd one; ${commit('first')}; git clone --quiet /tmp/one /tmp/two; cd /tmp/two; ` +
          `git switch --quiet -c side; ${commit('second')}; git switch --quiet -; ` +
          `${git} merge --quiet --no-ff -m third side; git log --topo-order --format=%s`,
      );
      expect(merged.trim().split('\n')).toEqual(['third', 'second', 'first']);
      await expect(sh('git ls-remote http://served.default.svc.cluster.local/')).rejects.toThrow(
        'info/refs not valid: is this a git repository?',
      );
    }, 60_000);

    test('runs a command in a container', async () => {
      expect(
        await kubectl('exec', 'deployment/served', '--', '/app/probe', 'say', 'good', 'day'),
      ).toBe('good day\n');
    });

    test('forwards a port of this machine to a pod', async () => {
      const { kubeconfig } = await using(shared(), (cluster) => Promise.resolve(cluster));
      const forward = spawn(
        tools.binaries.kubectl,
        ['--kubeconfig', kubeconfig, 'port-forward', 'service/served', ':80'],
        { env: { HOME: workspaceRoot }, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      try {
        const [line] = (await once(createInterface({ input: forward.stdout }), 'line')) as [string];
        const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? '';
        const answer = await fetch(`http://127.0.0.1:${port}/`);
        expect(await answer.text()).toMatch(/^hello from served-/);
      } finally {
        const ended = once(forward, 'exit');
        forward.kill();
        await ended;
      }
    });

    test('other pods reach a Service by its name, and so does one that is its own client', async () => {
      await using(shared(), async (cluster) => {
        await deploy(cluster, 'client', ['serve']);
        await ready(cluster, 'client');
        for (const client of ['client', 'served']) {
          for (const url of ['http://served/', 'http://served.default.svc.cluster.local/']) {
            const get = ['exec', `deployment/${client}`, '--', '/app/probe', 'get', url];
            expect(await kubectl(...get)).toMatch(/^hello from served-/);
          }
        }
      });
    }, 60_000);

    test('pods reach the API server by its name', async () => {
      const get = ['exec', 'deployment/client', '--', '/app/probe', 'get'];
      // Plain HTTP is answered in plain HTTP by a TLS server of Go: it was there.
      expect(await kubectl(...get, 'http://kubernetes.default:443/')).toContain(
        'Client sent an HTTP request to an HTTPS server',
      );
    });

    test('this machine reaches Services and pods by their addresses', async () => {
      await using(shared(), async (cluster) => {
        const { body } = await cluster.request({
          path: '/api/v1/namespaces/default/services/served',
        });
        const { clusterIP } = (body as { spec: { clusterIP: string } }).spec;
        const { podIP } = (await podOf(cluster, 'served')).status;
        for (const address of [clusterIP, `${podIP}:8080`]) {
          const answer = await fetch(`http://${address}/`);
          expect(await answer.text()).toMatch(/^hello from served-/);
        }
      });
    });

    test('a container that fails again and again shows what it said last', async () => {
      await using(shared(), async (cluster) => {
        await deploy(cluster, 'failing', ['fail', 'no', 'configuration']);
        const state = async () => (await podOf(cluster, 'failing')).status.containerStatuses?.[0];
        await expect
          .poll(async () => (await state())?.state.waiting?.reason, { timeout: 90_000 })
          .toBe('CrashLoopBackOff');
        expect(await logOf(cluster, await podOf(cluster, 'failing'), true)).toBe(
          'no configuration\n',
        );
      });
    }, 120_000);

    test('an image is pulled from a registry that this machine reaches, and pods do not', async () => {
      // Not one of 127.0.0.0/8, which nobody asks a proxy for, and yet of this machine alone.
      const address = '198.51.100.77';
      const tar = join(workspaceRoot, 'pulled.tar');
      await writeImage({
        path: tar,
        name: 'pulled:v1',
        files: [{ path: '/app/probe', source: probe }],
        entrypoint: ['/app/probe'],
      });
      // Called like a node's, so that tests beside this one do not take it for something that theirs left.
      const link = 'prow-7e57add5';
      const ip = (...args: string[]) => execFileSync('ip', args);
      ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'prow-7e57add6');
      ip('address', 'add', `${address}/32`, 'dev', link);
      ip('link', 'set', link, 'up');
      const registry = await serveImage(tar, address);
      try {
        const host = `${address}:${registry.port}`;
        const { etc } = nodeFolder(embeddedFolder(shared()));
        await mkdir(join(etc, 'registries', host), { recursive: true });
        await writeFile(join(etc, 'registries', host, 'hosts.toml'), `server = "http://${host}"\n`);
        await using(shared(), async (cluster) => {
          await deploy(cluster, 'pulled', ['serve'], `${host}/tests/pulled:v1`);
          await ready(cluster, 'pulled');
        });
        expect(registry.requests).toContain('/v2/tests/pulled/manifests/v1');
        const get = ['exec', 'deployment/pulled', '--', '/app/probe', 'get', `http://${host}/v2/`];
        await expect(kubectl(...get)).rejects.toThrow(/unreachable|timeout/i);
      } finally {
        await registry.stop();
        ip('link', 'delete', link);
      }
    }, 90_000);

    test('nobody but containerd has a way out', async () => {
      const owner = (await readRecord(embeddedFolder(shared()).record))?.processes.namespaces;
      const namespaces = owner && openNamespaces(owner);
      const { programs } = await nodeMachine();
      if (!namespaces || !programs) throw new Error('the node is not there');
      const [nsenter = '', ...rest] = within(namespaces, programs, ['net']);
      const ask = (proxy: string) =>
        promisify(execFile)(nsenter, [...rest, probe, 'get', 'http://192.0.2.1/'], {
          env: { http_proxy: proxy },
        });
      await expect(ask('')).rejects.toThrow('network is unreachable');
      for (const credentials of ['', 'egress:@', 'egress:guess@']) {
        const { stdout } = await ask(`http://${credentials}127.0.0.1:3128`);
        expect(stdout).toBe('this way out is not for everybody\n');
      }

      // What containerd does for a registry that speaks TLS: ask to be joined with it, then talk.
      const { containerd } = (await readRecord(embeddedFolder(shared()).record))?.processes ?? {};
      const environment = await readFile(`/proc/${containerd?.pid ?? 0}/environ`, 'utf8');
      const proxy = /^HTTPS_PROXY=(.*)$/m.exec(environment.replaceAll('\0', '\n'))?.[1] ?? '';
      const join = async (port: number) => {
        const args = [...rest, process.execPath, '-e', JOIN, proxy, `127.0.0.1:${port}`];
        return (await promisify(execFile)(nsenter, args)).stdout;
      };
      const server = createServer((socket) => socket.end('hello from outside'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      expect(await join(port)).toBe('200 Connected hello from outside');
      server.close();
      await once(server, 'close');
      expect(await join(port)).toMatch(/^502 dial tcp 127\.0\.0\.1:\d+: .*connection refused $/);
    });

    test('an image that does not exist is told', async () => {
      await using(shared(), async (cluster) => {
        const name = 'absent';
        const labels = { app: name };
        await put(cluster, `/api/v1/namespaces/default/pods/${name}`, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, labels },
          spec: { containers: [{ name, image: 'registry.example.org/tests/absent:v1' }] },
        });
        await expect
          .poll(
            async () =>
              (await podOf(cluster, name)).status.containerStatuses?.[0]?.state.waiting?.reason,
            { timeout: 30_000 },
          )
          .toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
      });
    }, 60_000);

    test('has the labels that the environment has now', async () => {
      const labels = () =>
        using(shared(), async (cluster) => {
          const { body } = await cluster.request({ path: '/api/v1/nodes/node01' });
          return (body as { metadata: { labels: Record<string, string> } }).metadata.labels;
        });
      expect(await labels()).toMatchObject({
        zone: 'ci',
        'node-role.kubernetes.io/prow': '',
        'kubernetes.io/hostname': 'node01',
      });
      const state = await clusterUp(optionsFor('shared', { zone: 'other' }));
      expect(state).toMatchObject({ started: false, nodes: ['node01'], context: 'shared' });
      expect(await labels()).toMatchObject({ zone: 'other', 'kubernetes.io/hostname': 'node01' });
      expect(await labels()).not.toHaveProperty('node-role.kubernetes.io/prow');
      await clusterUp(shared());
    });

    test('has no process that listens on this machine, or sees its files and processes', async () => {
      const { path, record } = embeddedFolder(shared());
      const names = Object.keys((await readRecord(record))?.processes ?? {}).sort();
      expect(names).toEqual([...COMPONENTS.node].sort());
      const processes = clusterProcesses(path);
      expect(processes.length).toBeGreaterThan(names.length);
      const egress = (await readRecord(record))?.processes.egress?.pid;
      expect(listeningAddresses(egress ?? 0)).toEqual([]);
      const pidNamespaces = new Set<string>();
      for (const { pid } of processes) {
        pidNamespaces.add(readlinkSync(`/proc/${pid}/ns/pid_for_children`));
        for (const kind of pid === egress ? [] : ['net', 'mnt']) {
          const ours = readlinkSync(`/proc/self/ns/${kind}`);
          expect(readlinkSync(`/proc/${pid}/ns/${kind}`)).not.toBe(ours);
        }
      }
      expect(pidNamespaces.size).toBe(1);
      expect([...pidNamespaces]).not.toContain(readlinkSync('/proc/self/ns/pid'));
      expect(changesSince(before, [])).toEqual([]);
    });

    test('does not take an image under another name', async () => {
      const tar = join(workspaceRoot, 'other.tar');
      await writeImage({
        path: tar,
        name: 'registry.example.org/tests/other:v1',
        files: [{ path: '/app/probe', source: probe }],
        entrypoint: ['/app/probe'],
      });
      await expect(
        importImage({ ...shared(), name: IMAGE.replace('v1', 'v2'), tar }),
      ).rejects.toMatchObject({
        code: 'image',
        message: `Cannot import registry.example.org/tests/probe:v2 to the node of shared: ${tar} has no image of that name. Write it with that name.`,
      });
      await expect(importImage({ ...shared(), name: IMAGE, tar: probe })).rejects.toMatchObject({
        code: 'image',
      });
    });
  });

  describe('starting', () => {
    test('two clones at once have addresses of their own, also below a folder that nodes hide', async () => {
      const clone = await mkdtemp('/var/lib/node-');
      const elsewhere = { ...optionsFor('twice'), workspaceRoot: clone };
      try {
        const states = await Promise.all([clusterUp(optionsFor('twice')), clusterUp(elsewhere)]);
        expect(new Set(states.map(({ server }) => server)).size).toBe(2);
        await importProbe(elsewhere);
        await using(elsewhere, async (cluster) => {
          await clusterUp({ ...elsewhere, spec: { provider: 'node', labels: { zone: 'ci' } } });
          await deploy(cluster, 'served', ['serve']);
          await ready(cluster, 'served');
        });
      } finally {
        await clusterDown(elsewhere);
        await clusterDown(optionsFor('twice'));
        await rm(clone, { recursive: true });
      }
      expectNothingLeft(elsewhere);
      expectNothingLeft(optionsFor('twice'));
    }, 120_000);

    test.each(['containerd', 'kubelet', 'coredns'] as const)(
      '%s that ends is told with its last lines, and nothing is left',
      async (name) => {
        const { nodeCluster } = await import('./node-cluster.ts');
        const { startLocal } = await import('../embedded/start-local.ts');
        const options = optionsFor('broken');
        const folder = embeddedFolder(options);
        const nodeBinaries = { ...tools.nodeBinaries, [name]: tools.nodeBinaries.ctr };
        const error: unknown = await startLocal(
          nodeCluster(options),
          folder,
          { ...tools, nodeBinaries },
          options,
        ).catch((e: unknown) => e);
        expect(error).toMatchObject({ name: 'ClusterError', code: 'start-failed' });
        expect((error as Error).message).toMatch(
          new RegExp(
            `^Cannot start the node cluster of broken: ${name} ended. See .*/${name}.log, which ends in:\n`,
          ),
        );
        expect(clusterProcesses(folder.path)).toEqual([]);
        expect(readdirSync(folder.path)).toEqual(['failed-start']);
        await clusterDown(options);
        expectNothingLeft(options);
      },
      60_000,
    );

    test('one that was killed half way is cleared away by the next', async () => {
      const options = optionsFor('killed');
      const folder = embeddedFolder(options);
      const terminal = startTerminal(options);
      await expect
        .poll(() => clusterProcesses(folder.path).length, { timeout: 20_000 })
        .toBeGreaterThan(3);
      await killed(terminal);
      await expect(connect(options)).rejects.toMatchObject({ code: 'not-running' });
      expect(await clusterUp(options)).toMatchObject({ started: true });
      await clusterDown(options);
      expectNothingLeft(options);
    }, 60_000);
  });

  async function killed(child: ChildProcess): Promise<void> {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  describe('its end', () => {
    test('is one kill: no process is left, and the next start clears the rest away', async () => {
      const lines: string[] = [];
      const options = { ...shared(), onProgress: (line: string) => lines.push(line) };
      const folder = embeddedFolder(options);
      const record = await readRecord(folder.record);
      const { namespaces, ...others } = record?.processes ?? {};
      process.kill(namespaces?.pid ?? 0, 'SIGKILL');
      await expect
        .poll(() => Object.values(others).filter(isRunning), { timeout: 10_000 })
        .toEqual([]);
      await expect.poll(() => clusterProcesses(folder.path), { timeout: 10_000 }).toEqual([]);
      await expect(connect(options)).rejects.toMatchObject({
        code: 'not-running',
        message: expect.stringContaining('Cannot connect to the node cluster of shared') as string,
      });
      expect(await clusterUp(options)).toMatchObject({ started: true });
      expect(lines[0]).toMatch(/^The cluster of shared is started anew, because its \S+ is not/);
    }, 60_000);

    test('a reset makes another cluster, empty, on the same address', async () => {
      const identity = () => using(shared(), (cluster) => cluster.identity());
      const first = await identity();
      expect(await clusterReset(shared())).toMatchObject({ started: true });
      const second = await identity();
      expect(second.uid).not.toBe(first.uid);
      expect(second.server).toBe(first.server);
    }, 60_000);

    test('an environment that goes back to simulated nodes leaves nothing of its node', async () => {
      const spec = { provider: 'embedded' as const, nodes: [{ name: 'node01' }] };
      const lines: string[] = [];
      const embedded = { ...shared(), spec, onProgress: (line: string) => lines.push(line) };
      await expect(connect(embedded)).rejects.toMatchObject({ code: 'not-running' });
      expect(await clusterUp(embedded)).toMatchObject({ started: true });
      expect(lines).toContain(
        'The cluster of shared is started anew, because the one that runs is of provider node',
      );
      const { cgroup, link } = nodeFolder(embeddedFolder(embedded));
      expect(tracesOf(cgroup, link)).toEqual([]);
      await clusterUp(shared());
    }, 60_000);

    test('importing into a node that is down says how to start it', async () => {
      await expect(
        importImage({ ...optionsFor('down'), configuration: 'node', name: IMAGE, tar: probe }),
      ).rejects.toMatchObject({
        code: 'not-running',
        message:
          'Cannot work with the images on the node of down: it is not running. Start it with "nx run down:cluster-up --configuration=node".',
      });
    });

    test('leaves the machine as it was', async () => {
      await importProbe(shared());
      await using(shared(), async (cluster) => {
        await deploy(cluster, 'served', ['serve']);
        await ready(cluster, 'served');
      });
      await clusterDown(shared());
      expectNothingLeft(shared());
      const own = ['shared', 'twice', 'broken', 'killed'].map((name) =>
        embeddedFolder(optionsFor(name)),
      );
      // The kernel takes a moment to let go of what is left of a namespace.
      await expect.poll(() => changesSince(before, own)).toEqual([]);
    }, 60_000);
  });
});
