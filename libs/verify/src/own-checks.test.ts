import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownChecksFolders } from './own-checks-folders.ts';
import { runOwnChecks } from './own-checks.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'own-checks-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function check(name: string, script: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const run = (...directories: string[]) =>
  runOwnChecks({
    directories,
    cluster: { environment: 'e', kubeconfig: '/k', context: 'c' },
    prow: 'prow',
    jobs: 'jobs',
    mask: (text) => text.replaceAll('opensesame', '(masked)'),
    signal: new AbortController().signal,
  });

test('executable files are run, by name, with what they need to know', async () => {
  const good = await check(
    'a-good',
    'test "$KUBECONFIG$KUBE_CONTEXT$PROW_ENVIRONMENT$PROW_NAMESPACE$JOBS_NAMESPACE" = /kceprowjobs',
  );
  const bad = await check('b-bad', 'echo looking; echo "no deck opensesame" >&2; exit 3');
  await writeFile(join(directory, 'README.md'), 'not run');
  expect(await run(directory)).toEqual({
    passed: [{ check: 'own-check', object: good }],
    failed: [{ check: 'own-check', object: bad, reason: 'no deck (masked) (exit code 3)' }],
  });
});

test('a folder that cannot be read, or has nothing to run, fails', async () => {
  const { failed } = await run(directory, '/nowhere');
  expect(failed.map(({ reason }) => reason)).toEqual([
    'the folder has no executable file and no test_*.py',
    expect.stringMatching(/^the folder of checks cannot be read: ENOENT/),
  ]);
});

test('folders come from the command line and from the environment', () => {
  expect(ownChecksFolders('a', { PROW_DEPLOY_VERIFY: 'b:c' })).toEqual(['a', 'b', 'c']);
  expect(ownChecksFolders(undefined, {})).toEqual([]);
});
