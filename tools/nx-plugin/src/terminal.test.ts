import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ClusterOptions, clusterDown, clusterUp } from '@prow-deploy/cluster';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startOnTerminal, type TerminalCommand } from '../../../libs/apply/src/testing/terminal.ts';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const PRODUCTION = 'environments/ibmcloud-production';
const QUESTION = 'Type the name of the environment to go on:';

let workspace: ClonedWorkspace;
let embedded: ClusterOptions;
let before: string;

beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
  embedded = {
    environment: 'real',
    workspaceRoot: await mkdtemp(join(tmpdir(), 'terminal-')),
    spec: { provider: 'embedded', nodes: [] },
  };
  const { kubeconfig } = await clusterUp(embedded);
  workspace.env['KUBECONFIG'] = kubeconfig;
  // On a terminal people have neither of these set.
  delete workspace.env['CI'];
  delete workspace.env['NX_TUI'];
  // Tasks that come before, as they do before an apply.
  const targets = { 'pin-cluster': { dependsOn: ['kustomize-build', 'copy-secrets'] } };
  await write(`${PRODUCTION}/project.json`, JSON.stringify({ targets }));
  const text = await read(`${PRODUCTION}/environment.yaml`);
  await write(
    `${PRODUCTION}/environment.yaml`,
    text
      .replace(/^ {2}context: .*/m, '  context: real')
      .replace(/^secrets:\n.*\n/m, 'secrets: { source: generated }\n'),
  );
  before = await read(`${PRODUCTION}/environment.yaml`);
}, 180_000);
afterAll(async () => {
  await clusterDown(embedded);
  await rm(embedded.workspaceRoot, { recursive: true });
  await workspace.remove();
}, 60_000);

const path = (file: string): string => join(workspace.root, file);
const read = (file: string): Promise<string> => readFile(path(file), 'utf8');
async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(path(file)), { recursive: true });
  await writeFile(path(file), text);
}

let command: TerminalCommand | undefined;
beforeEach(() => write(`${PRODUCTION}/environment.yaml`, before));
afterEach(async () => {
  command?.kill('SIGKILL');
  await command?.exitCode;
});
function nx(...args: string[]): TerminalCommand {
  const { PATH } = process.env;
  const env = { PATH, HOME: homedir(), TERM: 'xterm-256color', ...workspace.env };
  const bin = path('node_modules/nx/dist/bin/nx.js');
  command = startOnTerminal(process.execPath, [bin, ...args], { cwd: workspace.root, env });
  return command;
}

describe('a protected environment on a terminal', { timeout: 120_000 }, () => {
  test('is asked for after other tasks, and its name lets the work be done', async () => {
    const asked = nx('run', 'ibmcloud-production:pin-cluster', '--skip-nx-cache');
    await asked.printed(QUESTION);
    expect(asked.output()).toMatch(/Built \d+ objects/);
    expect(asked.output()).toMatch(/cluster +https:\/\/127\.0\.0\.1:\d+, context real/);
    expect(await read(`${PRODUCTION}/environment.yaml`)).toBe(before);
    asked.type('ibmcloud-production\r');
    expect(await asked.exitCode, asked.output()).toBe(0);
    expect(asked.output()).toContain(`Pinned it in ${PRODUCTION}/environment.yaml`);
    const { cluster } = parse(await read(`${PRODUCTION}/environment.yaml`)) as {
      cluster: { identity?: { uid: string; server: string } };
    };
    expect(asked.output()).toContain(cluster.identity?.uid);
    expect(asked.output()).toContain(cluster.identity?.server);
  });

  test.each([
    ['another name', 'ibmcloud-staging\r', '"ibmcloud-staging" is not its name'],
    ['Ctrl-C', '\u0003', 'the question was stopped'],
    ['Ctrl-D', '\u0004', 'the question was stopped'],
  ])('%s leaves all as it is', async (_name, keys, why) => {
    const asked = nx('run', 'ibmcloud-production:pin-cluster');
    await asked.printed(QUESTION);
    asked.type(keys);
    expect(await asked.exitCode, asked.output()).not.toBe(0);
    expect(asked.output()).toContain(`${why}. Nothing was written.`);
    expect(await read(`${PRODUCTION}/environment.yaml`)).toBe(before);
  });

  test.each([
    ['several projects at once', 'run-many', '-t', 'pin-cluster', '-p', 'ibmcloud-production'],
    [
      'output that Nx keeps until the end',
      'run',
      'ibmcloud-production:pin-cluster',
      '--output-style=static',
    ],
    ["Nx's terminal UI", 'run', 'ibmcloud-production:pin-cluster', '--tui', '--tui-auto-exit'],
  ])('is not asked for in %s: the command to run is shown', async (_name, ...args) => {
    const refused = nx(...args);
    expect(await refused.exitCode, refused.output()).not.toBe(0);
    expect(refused.output()).not.toContain(QUESTION);
    expect(refused.output()).toContain(
      'ibmcloud-production:pin-cluster --confirm=ibmcloud-production',
    );
    expect(await read(`${PRODUCTION}/environment.yaml`)).toBe(before);
  });
});

test('without a terminal, the name comes with the command', { timeout: 120_000 }, async () => {
  const target = 'ibmcloud-production:pin-cluster';
  const refused = await workspace.nx('run', target);
  expect(refused.exitCode, refused.all).toBe(1);
  expect(refused.all).toContain(`nx run ${target} --confirm=ibmcloud-production`);
  const { exitCode, all } = await workspace.nx('run', target, '--confirm=ibmcloud-production');
  expect(exitCode, all).toBe(0);
  expect(await read(`${PRODUCTION}/environment.yaml`)).not.toBe(before);
});

test(
  'an environment whose cluster is embedded has no such target',
  { timeout: 60_000 },
  async () => {
    const { exitCode, all } = await workspace.nx('run', 'kubevirtci-testing:pin-cluster');
    expect(exitCode).toBe(1);
    expect(all).toMatch(/Cannot find configuration for task kubevirtci-testing:pin-cluster/);
  },
);
