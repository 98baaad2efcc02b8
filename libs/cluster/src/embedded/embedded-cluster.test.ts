import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { EmbeddedCluster, SimulatedNode } from '@prow-deploy/environment';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPLY_PATCH, METADATA_LIST } from '../api-request.ts';
import type { Cluster, ClusterOptions } from '../cluster.ts';
import { clusterDown } from '../cluster-down.ts';
import { clusterReset } from '../cluster-reset.ts';
import { clusterUp } from '../cluster-up.ts';
import { connect } from '../connect.ts';
import { COMPONENTS, readRecord } from './cluster-record.ts';
import { embeddedCluster } from './embedded-cluster.ts';
import { type EmbeddedFolder, embeddedFolder } from './embedded-folder.ts';
import { type EmbeddedTools, embeddedTools } from './embedded-tools.ts';
import { listeningAddresses } from '../testing/listening-addresses.ts';
import { isUp, startTerminal } from '../testing/terminal.ts';
import { clusterProcesses } from './process-table.ts';
import { startLocal } from './start-local.ts';

/** Where nothing was built or downloaded yet, the first use of the tools takes minutes. */
const TOOLS_TIMEOUT_MS = 30 * 60_000;
const NODES: readonly SimulatedNode[] = [
  { name: 'node01', labels: { 'node-role.kubernetes.io/prow': '', zone: 'a' } },
  { name: 'node02' },
];

let workspaceRoot: string;
let tools: EmbeddedTools;
let terminal: ChildProcess;

type EmbeddedOptions = ClusterOptions & { readonly spec: EmbeddedCluster };

function optionsFor(environment: string, nodes = NODES): EmbeddedOptions {
  return { environment, workspaceRoot, spec: { provider: 'embedded', nodes } };
}

async function using<T>(
  options: ClusterOptions,
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const cluster = await connect(options);
  try {
    return await work(cluster);
  } finally {
    cluster.close();
  }
}

function expectNothingLeft(folder: EmbeddedFolder): void {
  expect(clusterProcesses(folder.path)).toEqual([]);
  expect(existsSync(folder.path)).toBe(false);
  expect(existsSync(folder.lock)).toBe(false);
}

beforeAll(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'cluster-'));
  tools = await embeddedTools({});
  terminal = startTerminal(optionsFor('shared'));
  await isUp(terminal);
}, TOOLS_TIMEOUT_MS);

afterAll(async () => {
  terminal.kill('SIGKILL');
  for (const entry of existsSync(join(workspaceRoot, '.cluster'))
    ? readdirSync(join(workspaceRoot, '.cluster'))
    : []) {
    await clusterDown(optionsFor(entry.replace(/\.lock$/, '')));
  }
  await rm(workspaceRoot, { recursive: true });
}, 60_000);

describe('a cluster that runs', () => {
  test('outlives the process that started it, and the terminal of that', async () => {
    const ended = once(terminal, 'exit');
    process.kill(-(terminal.pid ?? 0), 'SIGHUP');
    await ended;
    await sleep(200);
    await using(optionsFor('shared'), async (cluster) => {
      expect((await cluster.request({ path: '/readyz' })).body).toBe('ok');
      expect(cluster).toMatchObject({ provider: 'embedded', simulated: true, context: 'shared' });
    });
  });

  test('is found running, at once', async () => {
    const state = await clusterUp(optionsFor('shared'));
    expect(state).toMatchObject({ started: false, nodes: ['node01', 'node02'], context: 'shared' });
    expect(state.durationMs).toBeLessThan(2000);
  });

  test('listens on loopback only, all of it', async () => {
    const record = await readRecord(embeddedFolder(optionsFor('shared')).record);
    for (const name of COMPONENTS.embedded) {
      const addresses = listeningAddresses(record?.processes[name]?.pid ?? 0);
      expect(addresses.length, name).toBeGreaterThan(0);
      for (const address of addresses) {
        expect(address, name).toMatch(/^127\.0\.0\.1:/);
      }
    }
    const processes = clusterProcesses(embeddedFolder(optionsFor('shared')).path);
    expect(processes.length).toBe(COMPONENTS.embedded.length);
  });

  test('keeps its files to its user, and leaves the home folder alone', async () => {
    const folder = embeddedFolder(optionsFor('shared'));
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    expect((await stat(folder.kubeconfig)).mode & 0o777).toBe(0o600);
    expect(folder.kubeconfig).toBe(join(workspaceRoot, '.cluster/shared/kubeconfig'));
    const [id] = clusterProcesses(folder.path);
    const environ = await readFile(`/proc/${id?.pid ?? 0}/environ`, 'utf8');
    expect(environ.split('\0')).toContain(`HOME=${folder.path}`);
  });

  test('takes a kubectl with the kubeconfig for people', async () => {
    const { kubeconfig, context } = await using(optionsFor('shared'), (c) => Promise.resolve(c));
    const { stdout } = await promisify(execFile)(
      tools.binaries.kubectl,
      ['--kubeconfig', kubeconfig, '--context', context, 'get', 'nodes', '-o', 'name'],
      { env: { HOME: workspaceRoot } },
    );
    expect(stdout.trim().split('\n')).toEqual(['node/node01', 'node/node02']);
  });

  test('has the identity it had', async () => {
    const read = () => using(optionsFor('shared'), (cluster) => cluster.identity());
    const identity = await read();
    expect(identity.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(identity.server).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(identity.caSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await read()).toEqual(identity);
  });

  test('runs what is applied to it, and answers with metadata alone', async () => {
    await using(optionsFor('shared'), async (cluster) => {
      const index = await cluster.resources();
      const deployments = index.find('apps/v1', 'Deployment');
      const pods = index.find('v1', 'Pod');
      expect(deployments).toMatchObject({ name: 'deployments', namespaced: true });
      expect(index.find('apps/v1', 'Deploymint')).toBeUndefined();
      await cluster.request({
        method: 'PATCH',
        path: deployments?.path('default', 'deck') ?? '',
        query: { fieldManager: 'test', force: true },
        contentType: APPLY_PATCH,
        body: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'deck' },
          spec: {
            selector: { matchLabels: { app: 'deck' } },
            template: {
              metadata: { labels: { app: 'deck' } },
              spec: {
                nodeSelector: { zone: 'a' },
                containers: [{ name: 'deck', image: 'deck' }],
              },
            },
          },
        },
      });
      await expect
        .poll(
          async () => {
            const { body } = await cluster.request({
              path: deployments?.path('default', 'deck') ?? '',
            });
            return (body as { status?: { readyReplicas?: number } }).status?.readyReplicas;
          },
          { timeout: 10_000 },
        )
        .toBe(1);
      const { body } = await cluster.request({
        path: pods?.path('default') ?? '',
        accept: METADATA_LIST,
      });
      expect(body).toMatchObject({ kind: 'PartialObjectMetadataList' });
      expect(JSON.stringify(body)).not.toContain('"containers":');
    });
  });

  test('says what an object lacks', async () => {
    await using(optionsFor('shared'), async (cluster) => {
      await expect(
        cluster.request({ path: '/api/v1/namespaces/default/configmaps/none' }),
      ).rejects.toMatchObject({ name: 'ApiError', status: 404, reason: 'NotFound' });
      await expect(
        cluster.request({
          method: 'POST',
          path: '/api/v1/namespaces/default/configmaps',
          body: { metadata: { name: 'No Name' } },
        }),
      ).rejects.toMatchObject({ status: 422, causes: [{ field: 'metadata.name' }] });
    });
  });

  test('gets the nodes and labels that the environment has now; nodes of others stay', async () => {
    const labelsOf = () =>
      using(optionsFor('shared'), async (cluster) => {
        const { body } = await cluster.request({ path: '/api/v1/nodes' });
        const { items } = body as {
          items: { metadata: { name: string; labels: Record<string, string> } }[];
        };
        return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.labels]));
      });
    expect(await labelsOf()).toMatchObject({
      node01: { 'node-role.kubernetes.io/prow': '', zone: 'a' },
      node02: { 'kubernetes.io/hostname': 'node02' },
    });
    await using(optionsFor('shared'), (cluster) =>
      cluster.request({
        method: 'POST',
        path: '/api/v1/nodes',
        body: { metadata: { name: 'other' } },
      }),
    );
    const nodes = [{ name: 'node01', labels: { zone: 'b' } }, { name: 'node03' }];
    expect(await clusterUp(optionsFor('shared', nodes))).toMatchObject({
      started: false,
      nodes: ['node01', 'node03'],
    });
    const labels = await labelsOf();
    expect(Object.keys(labels).sort()).toEqual(['node01', 'node03', 'other']);
    expect(labels['node01']).toMatchObject({ zone: 'b' });
    expect(labels['node01']).not.toHaveProperty('node-role.kubernetes.io/prow');
  });
});

describe('starting', () => {
  test('two at once: one starts it and the other waits; another clone does not get in the way', async () => {
    const lines: string[] = [];
    const both = { ...optionsFor('twice', []), onProgress: (line: string) => lines.push(line) };
    const clone = await mkdtemp(join(tmpdir(), 'clone-'));
    const elsewhere = { ...optionsFor('twice', []), workspaceRoot: clone };
    try {
      const states = await Promise.all([clusterUp(both), clusterUp(both), clusterUp(elsewhere)]);
      expect(states.map(({ started }) => started).sort()).toEqual([false, true, true]);
      expect(lines).toContain(
        'Waiting for another process that starts or stops the cluster of twice',
      );
      const uids = [both, elsewhere].map((o) => using(o, async (c) => (await c.identity()).uid));
      expect(new Set(await Promise.all(uids)).size).toBe(2);
    } finally {
      await clusterDown(elsewhere);
      await rm(clone, { recursive: true });
      await clusterDown(both);
    }
    expectNothingLeft(embeddedFolder(both));
  }, 60_000);

  test('a component that ends is told with its last lines, and nothing else is left', async () => {
    const options = optionsFor('broken');
    const folder = embeddedFolder(options);
    const scheduler = await script('echo "unknown flag: --none" >&2; exit 1');
    const broken = { ...tools, binaries: { ...tools.binaries, 'kube-scheduler': scheduler } };
    const error: unknown = await startLocal(
      embeddedCluster(options),
      folder,
      broken,
      options,
    ).catch((e: unknown) => e);
    const log = join(folder.failedStart, 'kube-scheduler.log');
    expect(error).toMatchObject({ name: 'ClusterError', code: 'start-failed' });
    expect((error as Error).message).toBe(
      `Cannot start the embedded cluster of broken: kube-scheduler ended. See ${log}, which ends in:\nunknown flag: --none`,
    );
    expect(await readFile(log, 'utf8')).toContain('unknown flag');
    expect(clusterProcesses(folder.path)).toEqual([]);
    expect(readdirSync(folder.path)).toEqual(['failed-start']);
    await expect(connect(options)).rejects.toMatchObject({ code: 'not-running' });
    await clusterDown(options);
    expectNothingLeft(folder);
  });

  test('a port that was taken meanwhile leads to other ports', async () => {
    const lines: string[] = [];
    const options = { ...optionsFor('port', []), onProgress: (line: string) => lines.push(line) };
    const mark = join(workspaceRoot, 'taken');
    const etcd = await script(
      `if [ -e ${mark} ]; then exec ${tools.binaries.etcd} "$@"; fi`,
      `: >${mark}; echo "listen tcp 127.0.0.1:2379: bind: address already in use"; exit 1`,
    );
    const colliding = { ...tools, binaries: { ...tools.binaries, etcd } };
    await startLocal(embeddedCluster(options), embeddedFolder(options), colliding, options);
    expect(lines).toContain('Another process took one of its ports meanwhile; trying others');
    await using(options, (cluster) => cluster.request({ path: '/readyz' }));
    await clusterDown(options);
  }, 60_000);

  test('an abort ends it with its reason, and nothing is left', async () => {
    const controller = new AbortController();
    const options = { ...optionsFor('aborted'), signal: controller.signal };
    const folder = embeddedFolder(options);
    const up = clusterUp(options);
    up.catch(() => undefined);
    await expect
      .poll(() => clusterProcesses(folder.path).length, { timeout: 10_000 })
      .toBeGreaterThan(2);
    controller.abort(new Error('enough'));
    await expect(up).rejects.toThrow('enough');
    expect(clusterProcesses(folder.path)).toEqual([]);
    await clusterDown(optionsFor('aborted'));
    expectNothingLeft(folder);
  });

  test('a start that was killed half way is cleared away, once its lock is stale', async () => {
    const options = optionsFor('killed');
    const folder = embeddedFolder(options);
    const child = startTerminal(options);
    await expect
      .poll(() => clusterProcesses(folder.path).length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await expect(connect(options)).rejects.toMatchObject({ code: 'not-running' });
    await clusterDown(options);
    expectNothingLeft(folder);
  }, 60_000);
});

const NO_NETWORK = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"'];
const cannot = spawnSync(NO_NETWORK[0] ?? '', [...NO_NETWORK.slice(1), 'true']).status !== 0;

test.skipIf(cannot)(
  `a machine without any network is enough${cannot ? ' (skipped: unshare --net and ip need root)' : ''}`,
  async () => {
    const options = optionsFor('offline');
    const offline = startTerminal(options, NO_NETWORK);
    await isUp(offline);
    expect(await readRecord(embeddedFolder(options).record)).toBeDefined();
    offline.kill('SIGKILL');
    await clusterDown(options);
    expectNothingLeft(embeddedFolder(options));
  },
  60_000,
);

describe('the end of a cluster', () => {
  test('a component that is gone: connecting says so, and clusterUp starts anew', async () => {
    const lines: string[] = [];
    const options = { ...optionsFor('shared'), onProgress: (line: string) => lines.push(line) };
    const before = await using(options, (cluster) => cluster.identity());
    const record = await readRecord(embeddedFolder(options).record);
    process.kill(record?.processes['kube-scheduler']?.pid ?? 0, 'SIGKILL');
    await sleep(50);
    await expect(connect(options)).rejects.toMatchObject({
      code: 'not-running',
      message:
        'Cannot connect to the embedded cluster of shared: its kube-scheduler is not running any more. Start it with "nx run shared:cluster-up".',
    });
    expect(await clusterUp(options)).toMatchObject({ started: true, nodes: ['node01', 'node02'] });
    expect(lines[0]).toBe(
      'The cluster of shared is started anew, because its kube-scheduler is not running any more',
    );
    const after = await using(options, (cluster) => cluster.identity());
    expect(after.uid).not.toBe(before.uid);
  }, 60_000);

  test('a reset makes another cluster, empty, on the same address', async () => {
    const options = optionsFor('shared');
    const before = await using(options, async (cluster) => {
      const path = '/api/v1/namespaces';
      await cluster.request({ method: 'POST', path, body: { metadata: { name: 'prow' } } });
      return await cluster.identity();
    });
    expect(await clusterReset(options)).toMatchObject({ started: true });
    await using(options, async (cluster) => {
      const after = await cluster.identity();
      expect(after.uid).not.toBe(before.uid);
      expect(after.caSha256).not.toBe(before.caSha256);
      expect(after.server).toBe(before.server);
      await expect(cluster.request({ path: '/api/v1/namespaces/prow' })).rejects.toMatchObject({
        status: 404,
      });
    });
  }, 60_000);

  test('a cluster whose folder was deleted is ended all the same', async () => {
    const options = optionsFor('shared');
    const folder = embeddedFolder(options);
    await rm(folder.parent, { recursive: true });
    expect(clusterProcesses(folder.path).length).toBe(COMPONENTS.embedded.length);
    await clusterDown(options);
    expectNothingLeft(folder);
  });

  test('clusterDown with nothing to stop is fine, and leaves not even the folder of all clusters', async () => {
    await clusterDown(optionsFor('shared'));
    expect(existsSync(join(workspaceRoot, '.cluster'))).toBe(false);
  });

  test('connecting to a cluster that is down says how to start it', async () => {
    await expect(connect(optionsFor('shared'))).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'not-running',
      message:
        'Cannot connect to the embedded cluster of shared: it is not running. Start it with "nx run shared:cluster-up".',
    });
  });
});

/** A binary that gives a version, which kwokctl asks for, and then runs these lines. */
async function script(...lines: readonly string[]): Promise<string> {
  const path = join(await mkdtemp(join(workspaceRoot, 'script-')), 'script');
  const version = 'case "$*" in *--version*) echo "v1.36.3"; exit 0;; esac';
  await writeFile(path, ['#!/bin/sh', version, ...lines, ''].join('\n'));
  await chmod(path, 0o755);
  return path;
}
