import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '@prow-deploy/cluster';
import { pick, seeded, useTestCluster } from '@prow-deploy/testing';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { apply, type ApplyOptions } from './apply.ts';
import { checkRecord } from './check-record.ts';
import { formatApplyResult } from './format-apply-result.ts';
import { removeInventory } from './inventory-store.ts';
import { describe, identify } from './object-reference.ts';
import { readManifest } from './read-manifest.ts';
import { type FaultProxy, startFaultProxy } from './testing/fault-proxy.ts';
import { manifest, small } from './testing/manifests.ts';
import { stateOf } from './testing/state-of.ts';

const SEED = 20261125;
const testCluster = useTestCluster('faults');

let proxy: FaultProxy;
let through: Cluster;
let undisturbed: unknown;
beforeAll(async () => {
  proxy = await startFaultProxy(testCluster());
  through = await proxy.connect();
  const result = await applyText(manifest('undisturbed'), 'undisturbed', {
    cluster: testCluster(),
  });
  expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
  undisturbed = await stateOf(testCluster(), 'undisturbed');
}, 180_000);
afterAll(async () => {
  through.close();
  await proxy.close();
});
beforeEach(() => {
  proxy.decide = () => 'pass';
  proxy.count = 0;
});

const recordOf = (name: string) => ({ hash: 'h', manifestDigest: name, secretsDigest: 's' });

async function applyText(text: string, name: string, options: Partial<ApplyOptions> = {}) {
  return apply({
    cluster: through,
    environment: name,
    inventoryNamespace: name,
    objects: await readManifest(text),
    manifest: text,
    record: recordOf('first'),
    ...options,
  });
}

/** Applies again, undisturbed, and expects what an apply that was never disturbed leaves. */
async function expectFinished(name: string, text = manifest(name)): Promise<void> {
  const result = await applyText(text, name);
  expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
  expect(await stateOf(testCluster(), name)).toEqual(undisturbed);
}

/** A process of its own that applies. */
function startApply(name: string): ChildProcess {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  // The sources, as the tests have them, and each module once.
  const script = `
    const { join } = require('node:path');
    const { readFileSync } = require('node:fs');
    const root = ${JSON.stringify(root)};
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
    const alias = Object.fromEntries(Object.entries(compilerOptions.paths).map(([name, [path]]) => [name, join(root, path)]));
    const jiti = require('jiti').createJiti(join(root, 'libs/apply/src/'), { alias });
    (async () => {
      const { connect } = await jiti.import('@prow-deploy/cluster');
      const { apply, readManifest } = await jiti.import('@prow-deploy/apply');
      const text = process.env.MANIFEST;
      const cluster = await connect(${JSON.stringify(proxy.options)});
      const objects = await readManifest(text);
      const record = ${JSON.stringify(recordOf('first'))};
      const name = ${JSON.stringify(name)};
      const result = await apply({ cluster, environment: name, inventoryNamespace: name, objects, manifest: text, record });
      console.log(result.outcome);
      cluster.close();
    })();`;
  return spawn(process.execPath, ['-e', script], {
    cwd: root,
    env: { ...process.env, MANIFEST: manifest(name) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const exited = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

test(
  `an apply that is killed at 20 points (seed ${SEED}) is finished by the next`,
  { timeout: 600_000 },
  async () => {
    const random = seeded(SEED);
    // How many requests a whole one sends, so that the points lie anywhere in it.
    await applyText(manifest('counted'), 'counted');
    const whole = proxy.count;
    let killed = 0;
    for (let round = 0; round < 20; round += 1) {
      const name = `killed-${round}`;
      const point = 1 + Math.floor(random() * whole);
      const fault = pick(random, ['cut-before', 'cut-after'] as const);
      const child = startApply(name);
      const end = exited(child);
      proxy.count = 0;
      proxy.decide = (number) => {
        if (number < point) return 'pass';
        if (number === point) killed += Number(child.kill('SIGKILL'));
        return number === point ? fault : 'cut-before';
      };
      await end;
      proxy.decide = () => 'pass';
      await expectFinished(name);
    }
    // A settled cluster answers with fewer requests: some end before their point.
    expect(killed).toBeGreaterThanOrEqual(10);
  },
);

test(
  'an API server that is killed and started again in the middle is waited for',
  { timeout: 600_000 },
  async () => {
    const result = await applyText(manifest('restarted'), 'restarted', {
      cluster: testCluster(),
      onProgress: (line) => {
        if (line.endsWith(': roles')) restarting ??= restartApiServer();
      },
    });
    expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
    expect(restarting).toBeDefined();
    await restarting;
    expect(await stateOf(testCluster(), 'restarted')).toEqual(undisturbed);
  },
);
let restarting: Promise<void> | undefined;

/** Kills the API server of the test cluster, and starts it again a second later with the same command. */
async function restartApiServer(): Promise<void> {
  const folder = join(testCluster().kubeconfig, '..');
  const { processes } = JSON.parse(await readFile(join(folder, 'cluster.json'), 'utf8')) as {
    processes: Record<string, { pid: number }>;
  };
  const { pid } = processes['kube-apiserver'] ?? { pid: 0 };
  const split = async (file: string) =>
    (await readFile(`/proc/${pid}/${file}`, 'utf8')).split('\0').filter((part) => part !== '');
  const [command = '', ...args] = await split('cmdline');
  const env = Object.fromEntries(
    (await split('environ')).map((entry) => [
      entry.slice(0, entry.indexOf('=')),
      entry.slice(entry.indexOf('=') + 1),
    ]),
  );
  process.kill(pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  // The mark in its environment lets the cluster be found, and ended, with it.
  spawn(command, args, { cwd: folder, env, detached: true, stdio: 'ignore' }).unref();
}

test(
  `10 % of the requests fail (seed ${SEED}), and nothing is lost or doubled`,
  { timeout: 300_000 },
  async () => {
    const random = seeded(SEED);
    let faults = 0;
    proxy.decide = () => {
      if (random() >= 0.1) return 'pass';
      faults += 1;
      return pick(random, ['too-many', 'broken', 'cut-before', 'cut-after'] as const);
    };
    const result = await applyText(manifest('shaky'), 'shaky');
    expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
    expect(faults).toBeGreaterThanOrEqual(5);
    expect(await stateOf(testCluster(), 'shaky')).toEqual(undisturbed);
  },
);

test('of two applies at once one waits for the other', { timeout: 120_000 }, async () => {
  const lines: string[] = [];
  const onProgress = (line: string) => lines.push(line);
  const results = await Promise.all([
    applyText(manifest('twice'), 'twice', { onProgress }),
    applyText(manifest('twice'), 'twice', { onProgress }),
  ]);
  for (const result of results)
    expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
  const actions = results.flatMap(({ objects }) => objects.map(({ action }) => action));
  // The Namespace comes before the inventory, so both may send it.
  const created = actions.filter((action) => action === 'created').length;
  expect(created).toBe(16);
  expect(lines.some((line) => /^waiting for .+@.+, who is applying twice too$/.test(line))).toBe(
    true,
  );
  expect(await stateOf(testCluster(), 'twice')).toEqual(undisturbed);
});

test(
  'one that waits for too long gives up, and leaves the other alone',
  { timeout: 120_000 },
  async () => {
    let second: Promise<unknown> | undefined;
    const first = applyText(manifest('patient'), 'patient', {
      onProgress: (line) => {
        if (!line.endsWith(': custom resource definitions')) return;
        second ??= applyText(manifest('patient'), 'patient', { claimTimeoutMs: 1 }).catch(
          (error: unknown) => error,
        );
      },
    });
    expect((await first).outcome).toBe('applied');
    expect(String(await second)).toMatch(
      /Cannot apply to patient: .+@.+ is applying it too, and did not finish within 0 s\. Try again when that one is done\./,
    );
    expect(await stateOf(testCluster(), 'patient')).toEqual(undisturbed);
  },
);

test(
  'a controller that changes a field is named; once it is gone, all is as it was never there',
  { timeout: 120_000 },
  async () => {
    const deck = '/apis/apps/v1/namespaces/fought/deployments/deck';
    const meddle = () =>
      testCluster().request({
        method: 'PATCH',
        path: deck,
        query: { fieldManager: 'autoscaler' },
        body: { spec: { replicas: 2 } },
        contentType: 'application/merge-patch+json',
      });
    let meddling: Promise<unknown> | undefined;
    const result = await applyText(manifest('fought'), 'fought', {
      onProgress: (line) => {
        if (line.endsWith(': workloads')) meddling ??= meddle();
      },
    });
    await meddling;
    expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'disturbed' } });
    expect(formatApplyResult(result)[0]).toBe(
      'Cannot apply to fought: another changed Deployment fought/deck meanwhile. Apply again.',
    );
    const refused = await applyText(manifest('fought'), 'fought');
    expect(formatApplyResult(refused)[0]).toMatch(/autoscaler holds \.spec\.replicas/);
    const taken = await applyText(manifest('fought'), 'fought', { takeOver: 'everything' });
    expect(taken.outcome).toBe('applied');
    expect(await stateOf(testCluster(), 'fought')).toEqual(undisturbed);
  },
);

test(
  'an inventory that was deleted is rebuilt from the labels, and still prunes',
  { timeout: 120_000 },
  async () => {
    const text = manifest('lost');
    expect((await applyText(text, 'lost')).outcome).toBe('applied');
    await removeInventory({ cluster: testCluster(), inventoryNamespace: 'lost' });
    expect(
      await checkRecord({ cluster: through, inventoryNamespace: 'lost', ...recordOf('first') }),
    ).toMatchObject({ current: false });
    const objects = (await readManifest(text)).filter(({ kind }) => kind !== 'Ingress');
    const second = { record: recordOf('second'), manifest: undefined };
    const result = await applyText(text, 'lost', { objects, ...second });
    expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
    expect(result.warnings[0]).toBe(
      'The inventory was lost. It is rebuilt from the labels of 12 objects.',
    );
    expect(
      result.objects
        .filter(({ action }) => action === 'pruned')
        .map(({ object }) => describe(object)),
    ).toEqual(['Ingress lost/deck']);
    await expectFinished('lost');
  },
);

test('the clock of the client does not matter', { timeout: 120_000 }, async () => {
  const text = small('skewed');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 86_400_000 });
  try {
    const cluster = await proxy.connect();
    const result = await applyText(text, 'skewed', { cluster });
    expect(result.outcome, formatApplyResult(result).join('\n')).toBe('applied');
    const check = await checkRecord({
      cluster,
      inventoryNamespace: 'skewed',
      ...recordOf('first'),
      maxAgeMs: 60_000,
    });
    expect(check).toMatchObject({ current: true });
    cluster.close();
    vi.useRealTimers();
    // By the clock of another machine the record is of now, and not of in three days.
    const at = result.outcome === 'applied' ? Date.parse(result.record.at) : 0;
    expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
  } finally {
    vi.useRealTimers();
  }
  const again = await applyText(text, 'skewed');
  expect(again.objects.map(({ object, action }) => [describe(object), action])).toEqual(
    (await readManifest(text)).map((object) => [describe(identify(object)), 'unchanged']),
  );
});
