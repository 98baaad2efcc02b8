import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kubeconfigPaths } from './kubeconfig-paths.ts';
import { readKubeconfig } from './read-kubeconfig.ts';
import { selectContext } from './select-context.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function kubeconfig(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

const ONE = `
clusters: [{ name: one, cluster: { server: https://one.example:6443/, certificate-authority: pki/ca.crt } }]
users: [{ name: me, user: { token: first } }]
contexts: [{ name: one, context: { cluster: one, user: me } }]
current-context: other
`;

describe('which kubeconfig is read', () => {
  test('the one of the environment, relative to the workspace root', () => {
    expect(
      kubeconfigPaths({ kubeconfig: 'a/b', workspaceRoot: '/root', env: { KUBECONFIG: '/c' } }),
    ).toEqual(['/root/a/b']);
  });

  test('else all that KUBECONFIG names, each once', () => {
    const env = { KUBECONFIG: '/c::/d:/c' };
    expect(kubeconfigPaths({ workspaceRoot: '/root', env })).toEqual(['/c', '/d']);
  });

  test('else the one in the home folder', () => {
    const [path] = kubeconfigPaths({ workspaceRoot: '/root', env: {} });
    expect(path).toMatch(/\/\.kube\/config$/);
    expect(kubeconfigPaths({ kubeconfig: '~/.kube/config', workspaceRoot: '/root' })).toEqual([
      path,
    ]);
  });
});

describe('what is read', () => {
  test('paths are relative to the file that has them', async () => {
    const path = await kubeconfig('sub/config', ONE);
    const { cluster, server } = selectContext(await readKubeconfig([path]), 'one', path);
    expect(cluster['certificate-authority']).toBe(join(folder, 'sub/pki/ca.crt'));
    expect(server).toBe('https://one.example:6443');
  });

  test('JSON is read like YAML', async () => {
    const path = await kubeconfig(
      'config',
      '{"contexts":[{"name":"a","context":{"cluster":"c"}}]}',
    );
    expect([...(await readKubeconfig([path])).contexts.keys()]).toEqual(['a']);
  });

  test('of several files the first to name an entry wins, and absent ones are passed over', async () => {
    const first = await kubeconfig('first', ONE);
    const second = await kubeconfig(
      'second',
      `
users: [{ name: me, user: { token: second, username: second } }, { name: you, user: { token: yours } }]
contexts: [{ name: two, context: { cluster: one, user: you } }]
`,
    );
    const merged = await readKubeconfig([join(folder, 'absent'), first, second]);
    expect(merged.users.get('me')).toEqual({ token: 'first' });
    expect(selectContext(merged, 'two', 'both').user).toEqual({ token: 'yours' });
  });

  test('the command of a plug-in with a slash in it is relative to the file, one without is not', async () => {
    const path = await kubeconfig(
      'config',
      `
users:
  - { name: a, user: { exec: { command: ./bin/login } } }
  - { name: b, user: { exec: { command: login } } }
`,
    );
    const { users } = await readKubeconfig([path]);
    expect(users.get('a')?.exec?.command).toBe(join(folder, 'bin/login'));
    expect(users.get('b')?.exec?.command).toBe('login');
  });
});

describe('what is refused', () => {
  test('no file at all', async () => {
    await expect(readKubeconfig([join(folder, 'absent')])).rejects.toMatchObject({
      code: 'kubeconfig-absent',
      message: expect.stringContaining(join(folder, 'absent')) as string,
    });
  });

  test.each([
    ['broken YAML', 'token: "s3cret\n  - x: ['],
    ['broken JSON', '{"token": s3cret}'],
    ['a list', '- s3cret'],
    ['clusters that are no list', 'clusters: { s3cret: 1 }'],
    ['a user without a name', 'users: [{ user: { token: s3cret } }]'],
  ])('%s, without quoting what it holds', async (_, text) => {
    const path = await kubeconfig('config', text);
    const error: unknown = await readKubeconfig([path]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'kubeconfig-invalid' });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).not.toContain('s3cret');
  });

  test('a context that is not there, even if it is the current one; those that are there are named', async () => {
    const path = await kubeconfig('config', ONE);
    const read = await readKubeconfig([path]);
    expect(() => selectContext(read, 'other', path)).toThrow(
      expect.objectContaining({
        code: 'context-absent',
        message: expect.stringContaining('only one') as string,
      }),
    );
  });

  test.each([
    [
      'cluster',
      'contexts: [{ name: x, context: { cluster: none, user: me } }]',
      'its cluster "none"',
    ],
    ['user', 'contexts: [{ name: x, context: { cluster: one, user: none } }]', 'its user "none"'],
  ])('a context whose %s is not there', async (_, context, why) => {
    const first = await kubeconfig('first', ONE);
    const second = await kubeconfig('second', context);
    const read = await readKubeconfig([first, second]);
    expect(() => selectContext(read, 'x', 'both')).toThrow(why);
  });

  test('a server that is not a URL', async () => {
    const path = await kubeconfig(
      'config',
      `
clusters: [{ name: c, cluster: { server: one.example } }]
contexts: [{ name: x, context: { cluster: c } }]
`,
    );
    const read = await readKubeconfig([path]);
    expect(() => selectContext(read, 'x', path)).toThrow('is not a URL');
  });
});
