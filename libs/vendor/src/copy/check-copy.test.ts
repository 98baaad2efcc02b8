import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pick, seeded } from '@prow-deploy/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestRepository, testRepository } from '../testing/git-repository.ts';
import { type TestWorkspace, testWorkspace } from '../testing/workspace.ts';
import { checkCopy } from './check-copy.ts';
import { SOURCE_FILE } from './source.ts';
import { sync } from './sync.ts';

const seed = Number(process.env['PROW_DEPLOY_SEED'] ?? 20261123);
const FILES = {
  'manifests/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
  'manifests/sub/b.yaml': 'b: 1\r\n',
  'manifests/run.sh': { run: 'true\n' },
  'manifests/link': { link: 'a.yaml' },
  'manifests/empty': '',
};

let repository: TestRepository;
let workspace: TestWorkspace;
let commit: string;
let copy: string;

beforeAll(async () => {
  repository = await testRepository();
  commit = await repository.commit(FILES);
});
afterAll(() => repository.remove());
beforeEach(async () => {
  workspace = await testWorkspace(repository.root, 'manifests');
  copy = (await sync({ upstream: await workspace.upstream(), revision: commit })).directory;
  return () => workspace.remove();
});

const file = (path: string): string => join(copy, 'manifests', path);
async function problems(): Promise<string[]> {
  const { problems: found } = await checkCopy(copy, workspace.root);
  const prefix = `vendor/test-infra/${commit}/manifests/`;
  for (const problem of found) expect(problem.message).toContain(problem.file);
  return found.map((problem) => `${problem.difference} ${problem.file.replace(prefix, '')}`);
}

describe('checkCopy', { timeout: 30_000 }, () => {
  test.each([
    ['nothing', () => Promise.resolve(), []],
    ['one byte', () => writeFile(file('a.yaml'), 'x', { flag: 'r+' }), ['changed a.yaml']],
    ['a line ending', () => writeFile(file('sub/b.yaml'), 'b: 1\n'), ['changed sub/b.yaml']],
    ['a byte in an empty file', () => writeFile(file('empty'), '\n'), ['changed empty']],
    ['a file more', () => writeFile(file('sub/c.yaml'), ''), ['added sub/c.yaml']],
    ['a hidden file more', () => writeFile(file('.gitignore'), '*'), ['added .gitignore']],
    ['a file less', () => rm(file('empty')), ['removed empty']],
    ['a file renamed', () => rename(file('empty'), file('full')), ['removed empty', 'added full']],
    ['made executable', () => chmod(file('a.yaml'), 0o755), ['mode-changed a.yaml']],
    ['no longer executable', () => chmod(file('run.sh'), 0o644), ['mode-changed run.sh']],
    [
      'all of it removed',
      () => rm(file('.'), { recursive: true }),
      ['removed a.yaml', 'removed empty', 'removed link', 'removed run.sh', 'removed sub/b.yaml'],
    ],
    // git knows no empty folder, so no clone of this repository has one.
    ['an empty folder', () => mkdir(file('nothing')), []],
    ['what the owner alone may read', () => chmod(file('a.yaml'), 0o600), []],
  ] as const)('%s', async (_name, change, expected) => {
    await change();
    expect(await problems()).toEqual(expected);
  });

  test('a link that leads elsewhere, or became a file with the same text', async () => {
    await rm(file('link'));
    await symlink('empty', file('link'));
    expect(await problems()).toEqual(['changed link']);
    await rm(file('link'));
    await writeFile(file('link'), 'a.yaml');
    expect(await problems()).toEqual(['mode-changed link']);
  });

  test('says where a change belongs', async () => {
    await writeFile(file('a.yaml'), 'mine');
    const { problems: found } = await checkCopy(copy, workspace.root);
    expect(found[0]?.message).toBe(
      `vendor/test-infra/${commit}/manifests/a.yaml was changed. This folder is an exact copy: move your change to kustom-base/manifests/local or a patch, and restore what was copied.`,
    );
  });

  test('a source.yaml that was edited along is not believed', async () => {
    const path = join(copy, SOURCE_FILE);
    const text = await readFile(path, 'utf8');
    const [, hash = ''] = /a\.yaml: 100644 (\w+)/.exec(text) ?? [];
    await writeFile(path, text.replace(hash, 'f'.repeat(40)));
    await expect(checkCopy(copy, workspace.root)).rejects.toMatchObject({ code: 'not-exact' });
    await writeFile(path, text.replace(/^path: .*$/m, 'paht: x'));
    await expect(checkCopy(copy, workspace.root)).rejects.toMatchObject({
      code: 'invalid-settings',
      message: expect.stringContaining(`${SOURCE_FILE}:`) as unknown,
    });
    await rm(path);
    await expect(checkCopy(copy, workspace.root)).rejects.toMatchObject({
      code: 'invalid-settings',
    });
  });

  test('a folder under the name of another commit is not believed', async () => {
    const other = copy.replace(commit, 'f'.repeat(40));
    await rename(copy, other);
    await expect(checkCopy(other, workspace.root)).rejects.toMatchObject({ code: 'not-exact' });
  });

  test(`each of 200 random changes is found (seed ${seed})`, async () => {
    const random = seeded(seed);
    const paths = ['a.yaml', 'sub/b.yaml', 'run.sh'];
    for (let round = 0; round < 200; round += 1) {
      const path = pick(random, paths);
      const before = await readFile(file(path));
      const at = Math.floor(random() * (before.length + 1));
      const byte = Buffer.from([256 * random()]);
      const after =
        random() < 0.5 || before[at] === byte[0]
          ? Buffer.concat([before.subarray(0, at), byte, before.subarray(at)])
          : Buffer.concat([before.subarray(0, at), byte, before.subarray(at + 1)]);
      await writeFile(file(path), after);
      expect(await problems(), `${path} at ${at}: ${byte[0]}`).toEqual([`changed ${path}`]);
      await writeFile(file(path), before);
    }
    expect(await problems()).toEqual([]);
  });
});
