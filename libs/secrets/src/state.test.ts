import { chmod, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copySecrets } from './copy-secrets.ts';
import { currentSecretsReceipt, writeSecretsReceipt } from './receipt.ts';
import { secretsDigest, secretsState } from './state.ts';
import { testWorkspace, type TestWorkspace } from './testing/test-workspace.ts';

let workspace: TestWorkspace;
const environment = () => workspace.environment();
const stateHome = (name: string) => join(workspace.root, '..', name);
beforeEach(async () => {
  workspace = await testWorkspace();
  vi.stubEnv('XDG_STATE_HOME', stateHome('state'));
  vi.stubEnv('PROW_DEPLOY_SECRETS', '');
  await workspace.fillSource();
  await copySecrets(environment());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.remove();
});

test('state and digest change with a value on either side, and stay otherwise', async () => {
  const state = await secretsState(environment());
  const digest = await secretsDigest(environment());
  expect(await secretsState(environment())).toBe(state);
  await workspace.write('source/jobs/token', 'rotated');
  expect(await secretsState(environment())).not.toBe(state);
  expect(await secretsDigest(environment())).toBe(digest);
  await workspace.fillSource();
  await workspace.write('environments/a/secrets/jobs/token', 'edited');
  expect(await secretsState(environment())).not.toBe(state);
  expect(await secretsDigest(environment())).not.toBe(digest);
});

test('a file that others may read is another state, so the next copy makes it private', async () => {
  const state = await secretsState(environment());
  await chmod(workspace.path('environments/a/secrets/jobs/token'), 0o644);
  expect(await secretsState(environment())).not.toBe(state);
  expect((await copySecrets(environment())).state).toBe(state);
});

test('a digest is of no use without the key of this machine, which nobody else can read', async () => {
  const digest = await secretsDigest(environment());
  vi.stubEnv('XDG_STATE_HOME', stateHome('other-state'));
  expect(await secretsDigest(environment())).not.toBe(digest);
  const { mode } = await stat(join(stateHome('state'), 'prow-deploy/digest.key'));
  expect(mode & 0o777).toBe(0o600);
});

test('the receipt holds no value, and is current until something changes', async () => {
  const state = await secretsState(environment());
  await writeSecretsReceipt(environment(), { hash: '42', state, files: [], source: 's' });
  expect(await readFile(workspace.path('dist/a/secrets-receipt.json'), 'utf8')).not.toMatch(
    /of-the-jobs|pass=word/,
  );
  expect(await currentSecretsReceipt(environment())).toMatchObject({ hash: '42' });
  await rm(workspace.path('environments/a/secrets/honk/txt'));
  expect(await currentSecretsReceipt(environment())).toBeUndefined();
});

test('two runs that need the key at once agree on it', async () => {
  vi.stubEnv('XDG_STATE_HOME', stateHome('fresh-state'));
  const digests = await Promise.all(Array.from({ length: 8 }, () => secretsDigest(environment())));
  expect(new Set(digests).size).toBe(1);
});
