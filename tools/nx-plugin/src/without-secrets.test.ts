import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { generate, readShape } from '@prow-deploy/secrets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';
import { filesBelow } from './testing/find-bytes.ts';

const ENVIRONMENTS = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'];

/** A clone on a branch that changes every environment, and the home of whoever has it. */
interface Clone {
  readonly workspace: ClonedWorkspace;
  readonly home: string;
}
let stranger: Clone;
let owner: Clone;
beforeAll(async () => {
  [stranger, owner] = [await clone(), await clone()];
  for (const name of ENVIRONMENTS) await fillSecretsOf(name);
  await nx(owner, 'run-many', '-t', 'copy-secrets', '-p', ...ENVIRONMENTS);
}, 120_000);
afterAll(async () => {
  for (const { workspace, home } of [stranger, owner]) {
    await workspace.remove();
    await rm(home, { recursive: true });
  }
});

async function clone(): Promise<Clone> {
  const workspace = await cloneWorkspace(process.cwd());
  const home = await mkdtemp(join(tmpdir(), 'home-'));
  Object.assign(workspace.env, {
    HOME: home,
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    XDG_STATE_HOME: join(home, 'state'),
    PROW_DEPLOY_SECRETS: '',
  });
  await workspace.git('checkout', '--quiet', '-b', 'pull-request');
  const manifest = 'kustom-base/manifests/local/branch-protector.yaml';
  await appendFile(join(workspace.root, manifest), '# changed\n');
  await workspace.commit('a change of every environment');
  return { workspace, home };
}

async function fillSecretsOf(name: string): Promise<void> {
  for (const { path, generate: recipe } of (await readShape(owner.workspace.root)).values()) {
    const file = join(owner.home, '.config/prow-deploy/secrets', name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, generate(recipe));
  }
}

async function nx({ workspace }: Clone, ...args: string[]): Promise<string> {
  const { all, exitCode } = await workspace.nx(...args);
  expect(exitCode, all).toBe(0);
  return all;
}

/** What the targets left, receipts of secrets aside: path → bytes in base64. */
async function outputs({ workspace: { root } }: Clone): Promise<Record<string, string>> {
  const folders = ['dist', ...ENVIRONMENTS.map((name) => `environments/${name}/configs`)];
  const found: Record<string, string> = {};
  for (const folder of folders) {
    for await (const { path, bytes } of filesBelow(join(root, folder), () => false)) {
      if (!path.endsWith('/secrets-receipt.json'))
        found[relative(root, path)] = bytes.toString('base64');
    }
  }
  return found;
}

const secretsFolders = (): string[] =>
  ENVIRONMENTS.map((name) => join(owner.workspace.root, 'environments', name, 'secrets'));

test('nx affected builds and audits every environment without a secret, to the same bytes as with all of them', async () => {
  const targets = ['affected', '-t', 'kustomize-build', 'audit'];
  const printed = await nx(stranger, ...targets);
  for (const name of ENVIRONMENTS) {
    for (const target of ['kustomize-build', 'audit'])
      expect(printed).toContain(`nx run ${name}:${target}`);
  }
  await nx(owner, ...targets);
  const [without, having] = [await outputs(stranger), await outputs(owner)];
  expect(Object.keys(without)).toEqual(
    expect.arrayContaining(
      ENVIRONMENTS.flatMap((name) => [
        `dist/${name}/audit.json`,
        `dist/${name}/prow-deploy.yaml`,
        `environments/${name}/configs/config/config.yaml`,
      ]),
    ),
  );
  expect(having).toEqual(without);
  // The one had them, the other had and made none, not even the key of their digests.
  for (const folder of secretsFolders()) {
    const files = await readdir(folder, { recursive: true });
    expect(files).toContain('hmac-token/hmac');
    expect((await readFile(join(folder, 'hmac-token/hmac'))).length).toBeGreaterThan(0);
  }
  expect(await readdir(stranger.home)).toEqual([]);
  expect(await stranger.workspace.git('status', '--short', '--ignored')).not.toContain('secrets');
}, 240_000);
