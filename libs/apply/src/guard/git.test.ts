import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestEnvironment, type TestEnvironment } from '../testing/test-environment.ts';
import { gitCommit } from './git-commit.ts';
import { parseStatus } from './git-status.ts';
import { requireCommitted } from './require-committed.ts';

let here: TestEnvironment;
beforeEach(async () => {
  here = await createTestEnvironment();
  for (const file of [...MATTERS, ...DOES_NOT_MATTER]) await here.write(file, 'before\n');
  await here.write('.gitignore', 'environments/*/secrets/\ndist/\n');
  await git('init', '--quiet', '--initial-branch=main');
  await commit();
});
afterEach(() => here.remove());

const MATTERS = [
  'environments/production/environment.yaml',
  'environments/production/patches/a b.yaml',
  'kustom-base/configs/1/config/config.yaml',
  'vendor/test-infra/abc/manifests/deck.yaml',
  'libs/apply/src/apply.ts',
  'libs/yq-script/README.md',
  'tools/toolchain/versions.json',
  'package-lock.json',
  '.env',
  'nx.json',
];
const DOES_NOT_MATTER = [
  'environments/staging/environment.yaml',
  'environments/production2/environment.yaml',
  'README.md',
  'docs/how.txt',
  'LICENSE',
];

const git = (...args: string[]): Promise<unknown> =>
  execa('git', args, { cwd: here.environment.workspaceRoot });
async function commit(): Promise<void> {
  await git('add', '--all');
  await git('-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '--quiet', '-m', 'm');
}
const path = (file: string): string => join(here.environment.workspaceRoot, file);
async function refusal(): Promise<string> {
  const error: unknown = await requireCommitted(here.environment).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'GuardError', code: 'uncommitted' });
  return (error as Error).message;
}

describe('requireCommitted', () => {
  test('a clean checkout passes, whatever is ignored', async () => {
    await here.write('environments/production/secrets/token', 'x');
    await here.write('dist/production/prow-deploy.yaml', 'x');
    await requireCommitted(here.environment);
  });

  test.each(MATTERS)(
    '%s matters: changed, removed, staged, renamed, or new beside it',
    async (file) => {
      await writeFile(path(file), 'after\n');
      expect(await refusal()).toContain(file);
      await git('add', '--all');
      expect(await refusal()).toContain(file);
      await git('reset', '--quiet', '--hard');
      await rm(path(file));
      expect(await refusal()).toContain(file);
      await git('reset', '--quiet', '--hard');
      await rename(path(file), path(`${file}.new`));
      expect(await refusal()).toContain(`${file}.new`);
      await git('add', '--all');
      expect(await refusal()).toContain(`${file}.new`);
      await git('reset', '--quiet', '--hard');
      await requireCommitted(here.environment);
    },
  );

  test('what other environments and people read does not matter', async () => {
    for (const file of DOES_NOT_MATTER) {
      await writeFile(path(file), 'after\n');
      await writeFile(path(`${file}.md`), 'new\n');
    }
    await requireCommitted(here.environment);
  });

  test('five files are named, and how many more there are', async () => {
    for (let n = 1; n <= 7; n += 1) await here.write(`libs/new/${n}.ts`, 'x');
    const message = await refusal();
    expect(message).toMatch(
      /^Cannot apply production: environments\/production\/environment\.yaml protects it/,
    );
    expect(message).toContain(
      'libs/new/1.ts, libs/new/2.ts, libs/new/3.ts, libs/new/4.ts, libs/new/5.ts, and 2 more',
    );
    expect(message).toContain('--allow-uncommitted');
  });

  test('passes where it is allowed, and where nothing is protected', async () => {
    await writeFile(path('nx.json'), 'after\n');
    await requireCommitted(here.environment, { allowUncommitted: true });
    await requireCommitted({ ...here.environment, protection: 'none' });
  });

  test('a setting of git to show no new files changes nothing', async () => {
    await git('config', 'status.showUntrackedFiles', 'no');
    await here.write('libs/new.ts', 'x');
    expect(await refusal()).toContain('libs/new.ts');
  });

  test('outside of a checkout it cannot be told, which is refused with the reason', async () => {
    await rm(path('.git'), { recursive: true });
    expect(await refusal()).toMatch(/git cannot tell what was changed: not a git repository/);
  });
});

describe('gitCommit', () => {
  test('names the commit, and whether more is there than it has', async () => {
    const { stdout: head } = await execa('git', ['rev-parse', 'HEAD'], {
      cwd: here.environment.workspaceRoot,
    });
    const { workspaceRoot } = here.environment;
    expect(await gitCommit(workspaceRoot)).toEqual({ commit: head, dirty: false });
    await here.write('docs/new.txt', 'x');
    expect(await gitCommit(workspaceRoot)).toEqual({ commit: head, dirty: true });
  });

  test('gives nothing before the first commit, and outside of a checkout', async () => {
    const { workspaceRoot } = here.environment;
    await rm(path('.git'), { recursive: true });
    expect(await gitCommit(workspaceRoot)).toBeUndefined();
    await git('init', '--quiet');
    expect(await gitCommit(workspaceRoot)).toBeUndefined();
  });
});

test('names of files may hold anything, and what was renamed has two', () => {
  const records = [
    '# branch.oid 0123456789abcdef0123456789abcdef01234567',
    '# branch.head main',
    '1 .M N... 100644 100644 100644 aa bb a file with spaces',
    '2 R. N... 100644 100644 100644 aa bb R100 new name\nof two lines',
    '1 .M N... 100644 100644 100644 aa bb the old name, which looks like a record',
    'u UU N... 100644 100644 100644 100644 aa bb cc in conflict',
    '? ? new',
    '',
  ];
  expect(parseStatus(records.join('\0'))).toEqual({
    commit: '0123456789abcdef0123456789abcdef01234567',
    changed: ['a file with spaces', 'new name\nof two lines', 'in conflict', '? new'],
  });
});
