import { rm, utimes } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { copySecrets } from '../copy-secrets.ts';
import { testWorkspace, type TestWorkspace } from '../testing/test-workspace.ts';
import { formatSecretStates } from './format-secret-states.ts';
import { readSecretStates } from './read-secret-states.ts';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await testWorkspace();
  vi.stubEnv('XDG_STATE_HOME', workspace.path('../state'));
  vi.stubEnv('PROW_DEPLOY_SECRETS', '');
  await workspace.fillSource();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.remove();
});

const now = new Date('2026-06-01T00:00:00Z');
const report = () => readSecretStates(workspace.environment(), { maxAgeDays: 90, now });

test('each secret has its state, its age and whether it is copied; no value is shown', async () => {
  await copySecrets(workspace.environment());
  for (const [path, date] of [
    ['hmac-token/hmac', '2026-01-01'],
    ['jobs/token', '2026-05-31'],
  ])
    await utimes(workspace.path(`source/${path ?? ''}`), new Date(), new Date(date ?? ''));
  await workspace.write('source/docker/env', '<<FILL: it>>');
  await rm(workspace.path('source/honk/txt'));
  const result = await report();
  expect(
    result.secrets.map(({ path, state, copied, old, ageDays }) => [
      path,
      state,
      copied,
      old,
      ageDays,
    ]),
  ).toEqual([
    ['docker/env', 'boilerplate', 'differs', false, expect.any(Number)],
    ['extra/env', 'empty', 'yes', false, undefined],
    ['hmac-token/hmac', 'filled', 'yes', true, 151],
    ['honk/txt', 'missing', 'differs', false, undefined],
    ['jobs/token', 'filled', 'yes', false, 1],
  ]);
  expect(result.usable).toBe(false);
  const shown = [JSON.stringify(result), ...(await formatSecretStates('a', result))].join('\n');
  expect(shown).not.toMatch(/of-the-jobs|0f8a2c61|pass=word/);
  expect(shown).toMatch(/hmac-token\/hmac +filled +151 days ago: old +yes +hook/);
  expect(shown).toContain("docker/env still holds the boilerplate's text: robot account");
  expect(shown).toMatch(/Not changed for more than 90 days.*\n {2}hmac-token\/hmac/);
});

test('one that was rotated at its source is said to differ', async () => {
  await copySecrets(workspace.environment());
  await workspace.write('source/jobs/token', 'rotated');
  const result = await report();
  expect(result.usable).toBe(true);
  expect(result.secrets.filter(({ copied }) => copied !== 'yes').map(({ path }) => path)).toEqual([
    'jobs/token',
  ]);
  expect((await formatSecretStates('a', result)).at(-1)).toBe(
    '1 not copied as the source has it: nx run a:copy-secrets does, and so does apply.',
  );
});

test('a source that is not there yet says how to begin', async () => {
  await rm(workspace.source, { recursive: true });
  const lines = await formatSecretStates('a', await report());
  expect(lines.join('\n')).toContain('Begin with a copy of the boilerplate');
});
