import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, lstat, readFile, readdir, stat, utimes } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '@prow-deploy/environment';
import { seeded } from '@prow-deploy/testing';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copySecrets } from './copy-secrets.ts';
import { SecretsError } from './errors.ts';
import { readSecretValues, requireSecretsDigest } from './secret-values.ts';
import { SECRETS_LOCK } from './secrets-lock.ts';
import { forgetGenerated } from './sources/generated-source.ts';
import { secretsDigest } from './state.ts';
import { testWorkspace, type TestWorkspace } from './testing/test-workspace.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const GITIGNORE = join(import.meta.dirname, '../../../.gitignore');

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await testWorkspace();
  vi.stubEnv('XDG_STATE_HOME', join(workspace.root, '../state'));
  vi.stubEnv('PROW_DEPLOY_SECRETS', '');
  await copyFile(GITIGNORE, workspace.path('.gitignore'));
  await execa('git', ['init', '--quiet'], { cwd: workspace.root });
});
const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  vi.unstubAllEnvs();
  await workspace.remove();
});

// Every value of a set says which set it is.
const valueOf = (set: number): string => createHash('sha1').update(`${set}`).digest('hex');
const SETS = new Map(Array.from({ length: 2000 }, (_, set) => [valueOf(set), set]));
const FILES = ['docker/env', 'hmac-token/hmac', 'honk/txt', 'jobs/token'];

const fill = async (set: number): Promise<void> => {
  for (const file of FILES) await workspace.write(`source/${file}`, contentOf(file, valueOf(set)));
};
const contentOf = (file: string, value: string): string =>
  file === 'docker/env' ? `username=me\npassword=${value}\n` : value;

/** The sets that some texts are of. */
function setsOf(texts: readonly string[]): number[] {
  const values = texts.flatMap((text) => /[0-9a-f]{40}/.exec(text) ?? []);
  return [...new Set(values.map((value) => SETS.get(value) ?? -1))];
}

/** The set that stands in the environment's folder; `undefined` where there is no folder. Anything else fails. */
async function present(): Promise<number | undefined> {
  const folder = workspace.path('environments/a/secrets');
  if (!(await stat(folder).catch(() => undefined))) return undefined;
  const texts = await Promise.all(FILES.map((file) => readFile(join(folder, file), 'utf8')));
  const sets = setsOf(texts);
  expect(sets).toHaveLength(1);
  return sets[0];
}

/** What stands beside the folder. */
const beside = async (): Promise<string[]> =>
  (await readdir(workspace.path('environments/a'))).filter((name) => name.startsWith('.'));

/** No value is where anybody else could read it, or where git would take it. */
async function expectHidden(): Promise<void> {
  const root = join(workspace.root, '..');
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(root, file);
    if (!entry.isFile() || path.startsWith('source/')) continue;
    const text = await readFile(file, 'latin1');
    if (setsOf([text]).every((set) => set === -1)) continue;
    expect(path).toMatch(/^workspace\/environments\/a\/\.?secrets/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (let folder = dirname(file); !folder.endsWith('/a'); folder = dirname(folder))
      expect((await lstat(folder)).mode & 0o777).toBe(0o700);
  }
  const args = ['status', '--porcelain', '--untracked-files=all', 'environments'];
  const { stdout } = await execa('git', args, { cwd: workspace.root });
  expect(stdout).toContain('environments/a/n.yaml');
  expect(stdout).not.toContain('secrets');
}

/** What apply would send: one set, or nothing with an error that tells what to do. */
async function expectWholeOrNothing(environment: Environment): Promise<number | undefined> {
  try {
    const digest = await secretsDigest(environment);
    const values = await readSecretValues(environment);
    await requireSecretsDigest(environment, digest);
    const sets = setsOf([...values.values()].map((value) => value.toString('utf8')));
    expect(sets).toHaveLength(1);
    return sets[0];
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    expect(error.message).toMatch(/Run nx run a:copy-secrets|Run it again/);
    return undefined;
  }
}

/** As if the time had passed after which a lock is that of a killed process. */
async function passTime(): Promise<void> {
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(workspace.path(`environments/a/${SECRETS_LOCK}`), longAgo, longAgo).catch(() => 0);
}

/** Starts a program that has `copySecrets`, `environment` and `fs`, in a process of its own. */
function start(environment: Environment, program: string): ChildProcess {
  const script = `
    const fs = require('node:fs');
    const jiti = require('jiti').createJiti(${JSON.stringify(import.meta.filename)});
    const { copySecrets } = jiti('./copy-secrets.ts');
    const environment = ${JSON.stringify(environment)};
    (async () => { ${program} })().catch((error) => { console.error(error); process.exit(1); });`;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const ALL_STEPS = ['mkdir', 'mkdtemp', 'writeFile', 'link', 'rename', 'rm', 'rmdir', 'utimes'];

/** Starts a copy that is killed before its n-th step, of all or of those of some names; whether there is such a step. */
async function copyAndKill(
  environment: Environment,
  step: number,
  names = ALL_STEPS,
): Promise<boolean> {
  const child = start(
    environment,
    `let left = ${step};
     // Those of the lock, which are the library's, and our own.
     for (const module of [fs, fs.promises])
       for (const name of ${JSON.stringify(names)}) {
         const original = module[name];
         if (original === undefined || (module === fs && !['mkdir', 'rmdir', 'utimes'].includes(name))) continue;
         module[name] = (...args) => {
           if (--left === 0) process.kill(process.pid, 'SIGKILL');
           return original.apply(module, args);
         };
       }
     require('node:module').syncBuiltinESMExports();
     await copySecrets(environment);`,
  );
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([0, null]).toContain(code);
  return signal === 'SIGKILL';
}

describe('a copy that is killed', { timeout: 60_000 }, () => {
  test('before any of its steps leaves the old values or the new ones; the next run puts all right', async () => {
    const environment = workspace.environment();
    const seen = new Set<number | undefined>();
    const alone = new Set<string>();
    let step = 0;
    for (let killed = true; killed;) {
      step += 1;
      await fill(1);
      await copySecrets(environment);
      await fill(2);
      killed = await copyAndKill(environment, step);
      const set = await present();
      seen.add(set);
      expect([1, 2, undefined]).toContain(set);
      expect(await expectWholeOrNothing(environment)).toBe(set);
      await expectHidden();
      for (const name of await beside()) alone.add(name.replace(/-\w{6}/, '-XXXXXX'));
      await passTime();
      await copySecrets(environment);
      expect(await present(), `killed before step ${step}`).toBe(2);
      expect(await beside()).toEqual([]);
    }
    // The lock, four files and their folders, the exchange.
    expect(step).toBeGreaterThan(12);
    expect(seen).toEqual(new Set([1, 2, undefined]));
    expect([...alone].sort()).toEqual(['.secrets-XXXXXX', '.secrets-XXXXXX-old', SECRETS_LOCK]);
  });

  test('before any step of the exchange keeps the values that were made up', async () => {
    const environment = workspace.environment({ source: 'generated' });
    await copySecrets(environment);
    const hmac = await workspace.secret('hmac-token/hmac');
    let step = 0;
    for (let killed = true; killed;) {
      step += 1;
      await workspace.write('environments/a/secrets/docker/env', 'no longer one');
      killed = await copyAndKill(environment, step, ['rename', 'rm']);
      await passTime();
      await copySecrets(environment);
      expect(await workspace.secret('hmac-token/hmac'), `killed before step ${step}`).toBe(hmac);
      expect(await workspace.secret('docker/env')).toMatch(/^username=throw-away\npassword=/);
      expect(await beside()).toEqual([]);
    }
    expect(step).toBe(5);
  });

  test(`at any time leaves whole sets; whoever reads meanwhile has one, or an error (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    const environment = workspace.environment();
    const read = new Set<number | undefined>();
    for (let round = 0; round < 10; round += 1) {
      await fill(0);
      await copySecrets(environment);
      const child = start(
        environment,
        `const sets = ${JSON.stringify([...SETS.keys()])};
         const content = ${contentOf.toString()};
         for (const value of sets.slice(1)) {
           for (const file of ${JSON.stringify(FILES)})
             fs.writeFileSync(${JSON.stringify(workspace.source)} + '/' + file, content(file, value));
           await copySecrets(environment);
           if (value === sets[1]) console.log('go');
           await new Promise((resolve) => setTimeout(resolve, 10));
         }`,
      );
      await once(child.stdout ?? child, 'data');
      const exit = once(child, 'exit');
      const end = Date.now() + 20 + random() * 150;
      while (Date.now() < end) read.add(await expectWholeOrNothing(environment));
      child.kill('SIGKILL');
      await exit;
      await present();
      await expectHidden();
      await fill(1999);
      await passTime();
      await copySecrets(environment);
      expect(await present(), `seed ${SEED}, round ${round}`).toBe(1999);
      expect(await beside()).toEqual([]);
    }
    expect(read.size).toBeGreaterThan(2);
  });

  test('is noticed by the next one after a few seconds', async () => {
    const environment = workspace.environment();
    await fill(1);
    expect(await copyAndKill(environment, 6)).toBe(true);
    expect(await beside()).toContain(SECRETS_LOCK);
    const before = Date.now();
    await copySecrets(environment);
    expect(Date.now() - before).toBeLessThan(8000);
    expect(await present()).toBe(1);
  });

  test('leaves nothing behind once its values are forgotten', async () => {
    const environment = workspace.environment({ source: 'generated' });
    await copySecrets(environment);
    await workspace.write('environments/a/secrets/docker/env', 'no longer one');
    expect(await copyAndKill(environment, 10)).toBe(true);
    expect((await beside()).length).toBeGreaterThan(1);
    await passTime();
    await forgetGenerated(environment);
    expect(await beside()).toEqual([]);
    expect(await present()).toBeUndefined();
  });
});

test('copies at once take turns: each is whole, none fails', { timeout: 60_000 }, async () => {
  await fill(1);
  const other = join(workspace.root, '../other');
  await execa('cp', ['-r', workspace.source, other]);
  await fill(2);
  const environments = [workspace.source, other].map((path) =>
    workspace.environment({ source: 'folder', path }),
  );
  const children = environments.map((environment) =>
    start(environment, 'for (let i = 0; i < 25; i += 1) await copySecrets(environment);'),
  );
  const exits = children.map((child) => once(child, 'exit'));
  await Promise.all(environments.map((environment) => copySecrets(environment)));
  expect(await Promise.all(exits)).toEqual([
    [0, null],
    [0, null],
  ]);
  expect([1, 2]).toContain(await present());
  expect(await beside()).toEqual([]);
});

test('a copy can be stopped while it waits for another', async () => {
  const environment = workspace.environment();
  await fill(1);
  await copyAndKill(environment, 6);
  const controller = new AbortController();
  const waiting = copySecrets(environment, { signal: controller.signal });
  await sleep(200);
  controller.abort();
  await expect(waiting).rejects.toThrow('aborted');
});
