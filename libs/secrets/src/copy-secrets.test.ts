import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copySecrets } from './copy-secrets.ts';
import { forgetGenerated } from './sources/generated-source.ts';
import { secretsState } from './state.ts';
import { messageOf, testWorkspace, type TestWorkspace, VALUES } from './testing/test-workspace.ts';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await testWorkspace();
  vi.stubEnv('XDG_STATE_HOME', join(workspace.root, '../state'));
  vi.stubEnv('PROW_DEPLOY_SECRETS', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.remove();
});

const ALL = ['docker/env', 'extra/env', 'hmac-token/hmac', 'honk/txt', 'jobs/token'];
const mode = async (path: string): Promise<number> =>
  (await stat(workspace.path(`environments/a/secrets/${path}`))).mode & 0o777;

describe('generated values', () => {
  const generated = () => workspace.environment({ source: 'generated' });

  test('are made once, for nobody else to read', async () => {
    const first = await copySecrets(generated());
    expect(first.written).toEqual(ALL);
    const hmac = await workspace.secret('hmac-token/hmac');
    expect(hmac).toMatch(/^[0-9a-f]{40}$/);
    expect(await copySecrets(generated())).toMatchObject({
      written: [],
      unchanged: ALL,
      state: first.state,
    });
    expect(await workspace.secret('hmac-token/hmac')).toBe(hmac);
    expect(await mode('')).toBe(0o700);
    expect(await mode('hmac-token')).toBe(0o700);
    expect(await mode('hmac-token/hmac')).toBe(0o600);
  });

  test('that lost their form are made again; one that others can read is made private', async () => {
    await copySecrets(generated());
    const docker = await workspace.secret('docker/env');
    await workspace.write('environments/a/secrets/hmac-token/hmac', '');
    await chmod(workspace.path('environments/a/secrets/docker/env'), 0o644);
    expect((await copySecrets(generated())).written).toEqual(['hmac-token/hmac']);
    expect(await mode('docker/env')).toBe(0o600);
    expect(await workspace.secret('docker/env')).toBe(docker);
  });

  test('are forgotten on demand; those of another source stay', async () => {
    await copySecrets(generated());
    const hmac = await workspace.secret('hmac-token/hmac');
    await forgetGenerated(workspace.environment());
    expect(await workspace.secret('hmac-token/hmac')).toBe(hmac);
    await forgetGenerated(generated());
    await copySecrets(generated());
    expect(await workspace.secret('hmac-token/hmac')).not.toBe(hmac);
  });
});

describe('a folder', () => {
  test('is copied byte for byte; an optional file that it lacks becomes one without values', async () => {
    await workspace.fillSource();
    await copySecrets(workspace.environment());
    for (const [path, text] of Object.entries(VALUES))
      expect(await workspace.secret(path)).toBe(text);
    expect(await workspace.secret('extra/env')).toBe('a=\nb=\n');
  });

  test('that PROW_DEPLOY_SECRETS names comes first, with one folder for each environment', async () => {
    await workspace.fillSource();
    const all = join(workspace.root, '../all');
    await mkdir(all);
    await rename(workspace.source, join(all, 'a'));
    vi.stubEnv('PROW_DEPLOY_SECRETS', all);
    expect((await copySecrets(workspace.environment())).source).toBe(join(all, 'a'));
    expect((await copySecrets(workspace.environment({ source: 'folder' }))).unchanged).toEqual(ALL);
  });

  test('that holds a rotated value has that one copied; the others keep their time', async () => {
    await workspace.fillSource();
    await copySecrets(workspace.environment());
    const time = async () =>
      (await stat(workspace.path('environments/a/secrets/jobs/token'))).mtimeMs;
    const before = await time();
    await workspace.write('source/hmac-token/hmac', 'f3b17c96e02d845ab7c1e95f60d3a2846b9e17cd');
    expect((await copySecrets(workspace.environment())).written).toEqual(['hmac-token/hmac']);
    expect(await workspace.secret('hmac-token/hmac')).toMatch(/^f3b1/);
    expect(await time()).toBe(before);
  });

  test('replaces all that was there: what nothing reads goes, so does a link in place of a file', async () => {
    await workspace.fillSource();
    await copySecrets(workspace.environment());
    await workspace.write('environments/a/secrets/old/token', 'left over');
    const link = workspace.path('environments/a/secrets/jobs/token');
    await unlink(link);
    await symlink(join(workspace.source, 'jobs/token'), link);
    expect((await copySecrets(workspace.environment())).removed).toEqual(['old/token']);
    expect((await readdir(workspace.path('environments/a/secrets'))).sort()).toEqual(
      ALL.map((path) => path.split('/')[0]).sort(),
    );
    expect(await mode('jobs/token')).toBe(0o600);
  });

  test('a link in place of a file is replaced by the file, whatever the mode of what it leads to', async () => {
    await workspace.fillSource();
    await copySecrets(workspace.environment());
    await chmod(join(workspace.source, 'jobs/token'), 0o600);
    const link = workspace.path('environments/a/secrets/jobs/token');
    await unlink(link);
    await symlink(join(workspace.source, 'jobs/token'), link);
    await copySecrets(workspace.environment());
    expect((await lstat(link)).isFile()).toBe(true);
  });

  test('a link in place of the folder is replaced by the folder; where it led stays as it is', async () => {
    await workspace.fillSource();
    await copySecrets(workspace.environment());
    const secrets = workspace.path('environments/a/secrets');
    await rename(secrets, workspace.path('elsewhere'));
    await symlink('../../elsewhere', secrets);
    await copySecrets(workspace.environment());
    expect((await lstat(secrets)).isDirectory()).toBe(true);
    expect((await readdir(workspace.path('elsewhere'))).length).toBe(ALL.length);
  });

  test('what a run that was killed left behind goes with the next, also where nothing else is to do', async () => {
    await workspace.fillSource();
    const { state } = await copySecrets(workspace.environment());
    await mkdtemp(workspace.path('environments/a/.secrets-'));
    expect(await secretsState(workspace.environment())).not.toBe(state);
    expect((await copySecrets(workspace.environment())).state).toBe(state);
    expect(
      (await readdir(workspace.path('environments/a'))).filter((name) => name.startsWith('.')),
    ).toEqual([]);
  });

  test('that everybody can look into is warned of', async () => {
    await workspace.fillSource();
    await chmod(workspace.source, 0o755);
    expect((await copySecrets(workspace.environment())).warnings.join()).toContain('chmod 700');
    await chmod(workspace.source, 0o700);
    expect((await copySecrets(workspace.environment())).warnings).toEqual([]);
  });

  test('that is a link, or whose files are links within it, is as good', async () => {
    await workspace.fillSource();
    const file = join(workspace.source, 'jobs/token');
    await rename(file, join(workspace.source, '.data'));
    await symlink('../.data', file);
    await symlink(workspace.source, join(workspace.root, '../link'));
    const path = join(workspace.root, '../link');
    await copySecrets(workspace.environment({ source: 'folder', path }));
    expect(await workspace.secret('jobs/token')).toBe('of-the-jobs');
  });

  test('that is not there is an error with the way to begin', async () => {
    const message = await messageOf(copySecrets(workspace.environment()));
    expect(message).toMatch(
      /it is not there\. Begin with a copy .*\n.*cp -r kustom-base\/secrets-boilerplate .*source/,
    );
  });

  test('that is within the repository is an error, links followed', async () => {
    await mkdir(workspace.path('in-git'));
    await symlink(workspace.path('in-git'), join(workspace.root, '../link'));
    for (const path of ['in-git', 'absent/folder', '../link'])
      expect(
        await messageOf(copySecrets(workspace.environment({ source: 'folder', path }))),
      ).toContain('it is within the repository');
  });

  describe('with a bad file is refused by name, nothing of the file is shown, and nothing is written', () => {
    const hmac = 'source/hmac-token/hmac';
    const token = 'source/jobs/token';
    const env = 'source/docker/env';
    const write = (path: string, text: string | Buffer) => () => workspace.write(path, text);
    test.each<[name: string, spoil: () => Promise<unknown>, says: string]>([
      ['missing', () => rm(workspace.path(hmac)), 'hmac-token/hmac is missing: signs webhooks'],
      [
        'may-be-empty and missing',
        () => rm(workspace.path('source/honk/txt')),
        'honk/txt is missing',
      ],
      ['empty', write(hmac, '\n'), 'hmac-token/hmac is empty'],
      [
        "the boilerplate's text",
        write(hmac, '<<FILL: it>>\n'),
        "still holds the boilerplate's text",
      ],
      ['a placeholder', write(token, '<<SECRET a jobs/token>>'), 'holds a placeholder of a render'],
      ['too easy to guess', write(hmac, 'sesame-sesame-sesame-sesame-sesame'), 'too easy to guess'],
      ['CRLF', write(token, 'sesame\r\n'), 'has Windows line ends'],
      [
        'CRLF in an env file',
        write(env, 'username=sesame\r\npassword=x\r\n'),
        'has Windows line ends',
      ],
      ['a token with a line break', write(token, 'sesame\n'), 'ends with a line break'],
      ['two lines', write(token, 'sesame\nsesame'), 'has more than one line'],
      ['white space', write(token, 'open sesame'), 'has white space within'],
      ['a byte order mark', write(token, '\uFEFFsesame'), 'begins with a byte order mark'],
      ['no text', write(token, Buffer.from([0x73, 0xff, 0xfe])), 'is no UTF-8 text'],
      [
        'an undeclared key',
        write(env, 'username=sesame\npassword=x\nuser=y\n'),
        'has the key user, which nobody declares',
      ],
      ['a missing key', write(env, 'username=sesame\n'), 'has no key password'],
      ['an empty value', write(env, 'username=sesame\npassword=\n'), 'has no value for password'],
      [
        'a key twice',
        write(env, 'username=sesame\nusername=x\npassword=y\n'),
        'has username twice',
      ],
      [
        'quotes',
        write(env, 'username="sesame"\npassword=x\n'),
        'has quotes around the value of username',
      ],
      ['no env file', write(env, 'sesame\n'), 'has no KEY=value in line 1'],
      [
        'a folder',
        async () => {
          await rm(workspace.path(hmac));
          await mkdir(workspace.path(hmac));
        },
        'hmac-token/hmac is a folder',
      ],
      [
        'a file in place of its folder',
        async () => {
          await rm(workspace.path('source/jobs'), { recursive: true });
          await workspace.write('source/jobs', 'sesame');
        },
        'there is a file in place of its folder',
      ],
      [
        'a link out of the folder',
        async () => {
          await workspace.write('outside', 'sesame');
          await unlink(workspace.path(token));
          await symlink(workspace.path('outside'), workspace.path(token));
        },
        'jobs/token is a link that leads out of the folder',
      ],
      [
        'a link to itself',
        async () => {
          await unlink(workspace.path(token));
          await symlink('token', workspace.path(token));
        },
        'it is a link to itself',
      ],
      [
        'a file that nobody declares',
        write('source/jobs/tokne', 'sesame'),
        'jobs/tokne is a file that nobody declares',
      ],
    ])('%s', async (_name, spoil, says) => {
      await workspace.fillSource();
      await spoil();
      const message = await messageOf(copySecrets(workspace.environment()));
      expect(message).toContain(says);
      expect(message).toMatch(/^Cannot copy the secrets of a from .*source: one file is/);
      expect(message).not.toContain('sesame');
      expect(await readdir(workspace.path('environments/a'))).not.toContain('secrets');
    });

    test('unreadable', async () => {
      await workspace.fillSource();
      await chmod(workspace.path(hmac), 0o000);
      // What it writes to before it reads.
      for (const folder of [join(workspace.root, '..'), workspace.path('environments/a')])
        await chmod(folder, 0o777);
      // Root may read everything.
      if (process.getuid?.() === 0) process.seteuid?.(65_534);
      try {
        expect(await messageOf(copySecrets(workspace.environment()))).toContain(
          'hmac-token/hmac cannot be read: it belongs to somebody else',
        );
      } finally {
        if (process.getuid?.() === 0) process.seteuid?.(0);
      }
    });
  });

  test('with several bad files names them all', async () => {
    await workspace.fillSource();
    await workspace.write('source/hmac-token/hmac', '');
    await workspace.write('source/docker/env', '');
    const message = await messageOf(copySecrets(workspace.environment()));
    expect(message).toContain('2 files are not as they have to be');
    expect(message).toMatch(/docker\/env is empty: robot account\n.*hmac-token\/hmac is empty/);
  });
});
