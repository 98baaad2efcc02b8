import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLeaks, type Leak } from './find-leaks.ts';
import { formatLeaks } from './format-leaks.ts';

const TOKEN = 'ghp_q8Zt3LmW0xVb7RkP2nYd5HsJ9aGf4TcE6uQi';
const KEY = 'MIIEpAIBAAKCAQEA7bq41Tn3JX0q9d8m2vV5yPz6sKcW1rHfGuLeNoDiYtBaRxMj';

let workspaceRoot: string;
const git = (...args: string[]) =>
  execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
    cwd: workspaceRoot,
  });
async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(workspaceRoot, path)), { recursive: true });
  await writeFile(join(workspaceRoot, path), content);
}
async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '-m', message);
}
const find = async (): Promise<readonly Leak[]> => (await findLeaks({ workspaceRoot })).leaks;
const base64 = (text: string) => Buffer.from(text).toString('base64');

beforeEach(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'leaks-test-'));
  await git('init', '--quiet');
  await write('.gitignore', 'environments/*/secrets/\ndist/\n.nx/\n');
  await write('kustom-base/secrets-boilerplate/shape.yaml', 'generate: throw-away\n');
  await write(
    'environments/a/environment.yaml',
    'configVersion: "1"\nnamespaces: { prow: p, jobs: j }\nsecrets: { source: generated }\ncluster: { provider: embedded }\n',
  );
  await write('environments/a/secrets/oauth-token/oauth', `${TOKEN}\n`);
  await write('environments/a/secrets/other/token', 'throw-away');
  await write(
    'environments/a/secrets/gcs/key.json',
    JSON.stringify({
      type: 'service_account',
      private_key: `-----BEGIN RSA PRIVATE KEY-----\n${KEY}\n`,
    }),
  );
  await write(
    'README.md',
    'ghp_ tokens are secret. So is a private_key of a service_account. throw-away is not.\n',
  );
  await commit('first');
});
afterEach(() => rm(workspaceRoot, { recursive: true }));

test('where no secret leaks, none is found, and it says where it looked', async () => {
  await write('dist/a/prow-deploy.yaml', 'kind: Secret\n');
  await write('.nx/cache/1/out', 'Applied.');
  const report = await findLeaks({ workspaceRoot });
  expect(report).toMatchObject({ leaks: [], secrets: 3 });
  // Four tracked files (with their folders and the commit), one output, one file of Nx.
  expect(report.places).toBeGreaterThanOrEqual(10);
  expect(formatLeaks(report).join()).toMatch(
    /^None of 3 secrets is in \d+ files and git objects\.$/,
  );
});

test('where there is no secret, it says that it looked for none', async () => {
  await rm(join(workspaceRoot, 'environments/a/secrets'), { recursive: true });
  expect(formatLeaks(await findLeaks({ workspaceRoot }))).toEqual([
    'There are no secrets to look for. Run copy-secrets, then this again.',
  ]);
});

describe('a planted secret is found', () => {
  test.each<[string, string, string | Buffer, Partial<Leak>]>([
    [
      'as it is, in a file that is not committed',
      'notes.md',
      `one\ntwo ${TOKEN}`,
      { place: 'notes.md', line: 2, encoding: 'as it is' },
    ],
    [
      'in base64, from its first byte',
      'dist/a/x.yaml',
      `d: ${base64(TOKEN)}`,
      { encoding: 'base64' },
    ],
    [
      'in base64, from its second byte',
      'dist/a/x.yaml',
      `d: ${base64(`x${TOKEN}`)}`,
      { encoding: 'base64' },
    ],
    [
      'in base64, from its third byte',
      'dist/a/x.yaml',
      `d: ${base64(`xy${TOKEN}`)}`,
      { encoding: 'base64' },
    ],
    [
      'in base64 of URLs',
      'dist/a/x.yaml',
      Buffer.from(`>>>${TOKEN}`).toString('base64url'),
      { encoding: 'base64' },
    ],
    [
      'in gzip',
      '.nx/cache/1/out',
      gzipSync(`log ${TOKEN}`),
      { place: '.nx/cache/1/out', line: undefined, encoding: 'as it is, in gzip' },
    ],
    [
      'in gzip that something stands before',
      '.nx/d.db',
      Buffer.concat([Buffer.from('SQLite'), gzipSync(TOKEN)]),
      { encoding: 'as it is, in gzip' },
    ],
    [
      'in gzip in base64',
      'dist/a/m.yaml',
      `data: ${gzipSync(TOKEN).toString('base64')}\n`,
      { encoding: 'as it is, in gzip' },
    ],
    [
      'in gzip in gzip',
      'dist/a/m.tgz',
      gzipSync(gzipSync(base64(TOKEN))),
      { encoding: 'base64, in gzip' },
    ],
    [
      'as a line of a key',
      'dist/a/log',
      `bad key ${KEY}`,
      { secret: 'a: gcs/key.json', encoding: 'as it is' },
    ],
  ])('%s', async (_name, path, content, leak) => {
    await write(path, content);
    expect(await find()).toEqual([
      expect.objectContaining({ place: path, secret: 'a: oauth-token/oauth', ...leak }),
    ]);
  });

  test('in a commit, also after a later one removed it', async () => {
    await write('notes.md', TOKEN);
    await commit('oops');
    await rm(join(workspaceRoot, 'notes.md'));
    await commit('removed');
    const leaks = await find();
    expect(leaks).toHaveLength(1);
    expect(leaks[0]?.place).toMatch(/^git blob [0-9a-f]{12} \(notes\.md\)$/);
  });

  test('in the message of a commit', async () => {
    await commit(`use ${TOKEN}`);
    expect((await find())[0]?.place).toMatch(/^git commit [0-9a-f]{12}$/);
  });

  test('that is staged and gone from the file again', async () => {
    await write('notes.md', TOKEN);
    await git('add', 'notes.md');
    await write('notes.md', 'nothing');
    expect((await find()).map(({ place }) => place)).toEqual([
      expect.stringContaining('(notes.md)'),
    ]);
  });

  test('when the secrets folder itself is committed', async () => {
    await git('add', '--force', 'environments/a/secrets/oauth-token/oauth');
    expect((await find())[0]?.place).toBe('environments/a/secrets/oauth-token/oauth');
  });

  test('and named without its value', async () => {
    await write('dist/a/log', TOKEN);
    const lines = formatLeaks(await findLeaks({ workspaceRoot })).join('\n');
    expect(lines).toContain('dist/a/log:1: holds a value of a: oauth-token/oauth (as it is)');
    expect(lines).not.toContain(TOKEN);
  });
});

test('a folder that is no repository is an error, not a clean bill', async () => {
  await rm(join(workspaceRoot, '.git'), { recursive: true });
  await expect(find()).rejects.toMatchObject({ code: 'unreadable-repository' });
});

// The repository that these tests stand in.
const own = process.cwd();
const { secrets: filled, leaks } = await findLeaks({ workspaceRoot: own });

describe('this workspace', () => {
  test.skipIf(filled === 0)(
    `holds no value of environments/*/secrets${filled === 0 ? ' (skipped: there are none here; copy-secrets brings them)' : ''}`,
    () => {
      expect(leaks).toEqual([]);
    },
  );

  test('ignores the secrets and the rendered configuration of every environment, twice', async () => {
    const names = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'];
    const ignored = await Promise.all(
      names.map((name) => readFile(join(own, 'environments', name, '.gitignore'), 'utf8')),
    );
    for (const text of ignored) expect(text).toBe('secrets/*\nconfigs/*\n');
    const paths = [...names, 'a-new-one'].flatMap((name) => [
      `environments/${name}/secrets/hmac-token/hmac`,
      `environments/${name}/configs/config/config.yaml`,
    ]);
    const { stdout } = await execa('git', ['check-ignore', '--no-index', ...paths], { cwd: own });
    expect(stdout.split('\n')).toEqual(paths);
  });
});
