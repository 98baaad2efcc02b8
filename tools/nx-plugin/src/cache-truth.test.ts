import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const ONE = 'kubevirtci-testing';
const TWO = 'second-testing';

let workspace: ClonedWorkspace;
beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
  workspace.env['XDG_CACHE_HOME'] = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  workspace.env['HOME'] = join(workspace.root, 'home');
  const folder = (name: string) => join(workspace.root, 'environments', name);
  await cp(folder(ONE), folder(TWO), { recursive: true });
}, 60_000);
afterAll(async () => {
  for (const name of [ONE, TWO]) await nx('run', `${name}:cluster-down`);
  await nx('daemon', '--stop');
  await workspace.remove();
}, 120_000);

/** Runs Nx, which has to succeed; gives what it printed. */
async function nx(...args: string[]): Promise<string> {
  const { all, exitCode } = await workspace.nx(...args);
  expect(exitCode, all).toBe(0);
  return all;
}

const apply = () => nx('run', `${ONE}:apply`);
const hits = (output: string): string => /Cache:\s+(\S+ hit)/.exec(output)?.[1] ?? 'none';
const isHit = (output: string): boolean => {
  const [hit, all] = hits(output).split(/[/ ]/);
  return hit !== undefined && hit === all;
};

async function kubectl(environment: string, ...args: string[]): Promise<string> {
  const kubeconfig = join(workspace.root, '.cluster', environment, 'kubeconfig');
  const tool = await ensureTool('kubectl');
  const { stdout } = await execa(tool, [
    '--kubeconfig',
    kubeconfig,
    '-n',
    'kubernetes-prow',
    ...args,
  ]);
  return stdout;
}
const scaleDeck = (environment: string) =>
  kubectl(environment, 'scale', 'deployment', 'deck', '--replicas=0');
const deckReplicas = (environment: string) =>
  kubectl(environment, 'get', 'deployment', 'deck', '-o', 'jsonpath={.spec.replicas}');

const receipt = () => readFile(join(workspace.root, 'dist', ONE, 'apply-receipt.json'), 'utf8');

describe('a hit of apply and verify is true', { timeout: 600_000 }, () => {
  test('for two environments in one command, and for apply and verify in one command', async () => {
    const both = ['run-many', '-t', 'apply', 'verify', '-p', ONE, TWO];
    const first = await nx(...both);
    expect(isHit(first)).toBe(false);
    expect(isHit(await nx(...both))).toBe(true);

    await scaleDeck(TWO);
    expect(isHit(await nx('run', `${ONE}:verify`))).toBe(true);
    expect(isHit(await nx(...both))).toBe(false);
    expect(await deckReplicas(TWO)).toBe('1');
    expect(isHit(await nx(...both))).toBe(true);
  });

  test('with the daemon as well', async () => {
    workspace.env['NX_DAEMON'] = 'true';
    try {
      expect(isHit(await apply())).toBe(true);
      await scaleDeck(ONE);
      expect(isHit(await nx('run', `${ONE}:verify`))).toBe(false);
      expect(await deckReplicas(ONE)).toBe('1');
      expect(isHit(await nx('run', `${ONE}:verify`))).toBe(true);
    } finally {
      await nx('daemon', '--stop');
      workspace.env['NX_DAEMON'] = 'false';
    }
  });

  test('after nx reset: nothing is sent, and the next is a hit', async () => {
    await nx('reset');
    const output = await apply();
    expect(isHit(output)).toBe(false);
    expect(output).toMatch(/Applied kubevirtci-testing at \S+ in \S+ s: \d+ unchanged\./);
    expect(isHit(await apply())).toBe(true);
  });

  test('where the cache is skipped: an edit is found all the same', async () => {
    workspace.env['NX_SKIP_NX_CACHE'] = 'true';
    try {
      expect(await apply()).toMatch(/: \d+ unchanged\./);
      await scaleDeck(ONE);
      expect(await apply()).toMatch(/: 1 configured, \d+ unchanged\./);
      expect(await deckReplicas(ONE)).toBe('1');
    } finally {
      delete workspace.env['NX_SKIP_NX_CACHE'];
    }
    // Nx has kept nothing of these runs: the next one finds out for itself, and is kept.
    expect(await apply()).toMatch(/: \d+ unchanged\./);
    expect(isHit(await apply())).toBe(true);
  });

  test('where outputs were deleted or changed: they come back as they were', async () => {
    expect(isHit(await apply())).toBe(true);
    const before = await receipt();
    for (const file of [
      'apply-receipt.json',
      'prow-deploy.yaml',
      'audit.json',
      'check-config.json',
    ]) {
      await rm(join(workspace.root, 'dist', ONE, file));
    }
    expect(isHit(await apply())).toBe(true);
    expect(await receipt()).toBe(before);
    // The receipt of copy-secrets says what its files were: without it they are copied again.
    await rm(join(workspace.root, 'dist'), { recursive: true });
    expect(hits(await apply())).toBe('8/9 hit');
    expect(await receipt()).toBe(before);
    await writeFile(join(workspace.root, 'dist', ONE, 'apply-receipt.json'), '{}');
    expect(isHit(await apply())).toBe(true);
    expect(await receipt()).toBe(before);
  });

  test('diff shows what an edit by hand would be set back to, and fails where asked to', async () => {
    expect(await nx('run', `${ONE}:diff`, '--exit-code')).toContain('would change nothing');
    await scaleDeck(ONE);
    const { all, exitCode } = await workspace.nx('run', `${ONE}:diff`, '--exit-code');
    expect(exitCode, all).toBe(1);
    expect(all).toContain('change Deployment kubernetes-prow/deck');
    expect(all).toContain('.spec.replicas');
    expect(await deckReplicas(ONE)).toBe('0');
    expect(isHit(await apply())).toBe(false);
    expect(await nx('run', `${ONE}:history`)).toMatch(/\d+ {2}\S+Z {2}applied: 1 configured/);
  });

  test('an earlier apply can be gone back to, and is no hit of what is built now', async () => {
    const base = join(workspace.root, 'environments', ONE, 'resources/volumes.yaml');
    const text = await readFile(base, 'utf8');
    const { all: before } = await workspace.nx('run', `${ONE}:history`, '--json');
    const [{ id }] = JSON.parse(/\[\n[^]*\n\]/.exec(before)?.[0] ?? '[]') as [{ id: number }];
    await writeFile(
      base,
      text.replace(/^kind: PersistentVolume$/m, 'kind: PersistentVolume').concat(`---
apiVersion: v1
kind: ConfigMap
metadata:
  name: added
  namespace: kubernetes-prow
  labels: { app: deck }
data: { a: b }
`),
    );
    expect(await apply()).toContain('ConfigMap kubernetes-prow/added');
    expect(await nx('run', `${ONE}:apply`, `--to=${id}`)).toMatch(
      /Pruned \(1\):\s+ConfigMap kubernetes-prow\/added/,
    );
    const forward = await apply();
    expect(isHit(forward)).toBe(false);
    expect(forward).toContain('ConfigMap kubernetes-prow/added');
  });
});
