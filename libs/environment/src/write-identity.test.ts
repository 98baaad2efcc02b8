import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkEnvironment } from './read-environment.ts';
import { withIdentity, writeIdentity } from './write-identity.ts';
import { parseYamlFile } from './yaml-file.ts';

const identity = {
  uid: '0b0c0d0e-1111-4222-8333-444455556666',
  server: 'https://10.0.0.1:6443',
  caSha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};
const other = {
  uid: 'ffffffff-1111-4222-8333-444455556666',
  server: 'https://api.example.org',
  caSha256: 'system',
};

const text = `# Of which base configuration.
configVersion: '20261123' # the newest
namespaces:
  prow: kubevirt-prow
  jobs: kubevirt-prow-jobs

protection: confirm
secrets: { source: folder, path: ~/secrets }
# Whose cluster it is.
cluster:
  provider: kubeconfig
  context: ibmcloud # one for all

# What is known.
audit:
  accepted:
    - code: a
      reason: a long sentence that says why this is so, longer than the eighty characters where lines are often broken
`;

const PINNED = `  context: ibmcloud # one for all
  identity:
    uid: 0b0c0d0e-1111-4222-8333-444455556666
    server: https://10.0.0.1:6443
    caSha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
`;

describe('withIdentity', () => {
  test('adds lines, and changes none', () => {
    expect(withIdentity(text, 'e.yaml', identity)).toBe(
      text.replace('  context: ibmcloud # one for all\n', PINNED),
    );
  });

  test('replaces what is there, and keeps the comments on it', () => {
    const before = text
      .replace('  context: ibmcloud # one for all\n', PINNED)
      .replace('56666\n', '56666 # since May\n')
      .replace('    server', '    # through the VPN\n    server');
    const after = withIdentity(before, 'e.yaml', other);
    expect(after).toBe(
      before
        .replace(identity.uid, other.uid)
        .replace(identity.server, other.server)
        .replace(identity.caSha256, other.caSha256),
    );
  });

  test('writes into a mapping on one line', () => {
    const flow = text.replace(
      /^cluster:\n {2}provider: kubeconfig\n.*\n/m,
      'cluster: { provider: kubeconfig, context: ibmcloud }\n',
    );
    expect(
      checkEnvironment(parseYamlFile(withIdentity(flow, 'e.yaml', identity), 'e.yaml')),
    ).toEqual({
      ...checkEnvironment(parseYamlFile(flow, 'e.yaml')),
      cluster: { provider: 'kubeconfig', context: 'ibmcloud', identity },
    });
  });

  test.each(['ibmcloud-production', 'ibmcloud-staging'])(
    'adds lines to the file of %s, and changes none',
    async (name) => {
      const before = await readFile(join('environments', name, 'environment.yaml'), 'utf8');
      const lines = (text: string): string => text.replace(/^ {2}identity:\n( {4}.*\n){3}/m, '');
      expect(lines(withIdentity(before, 'e.yaml', identity))).toBe(lines(before));
    },
  );

  test('keeps the ends of lines as they are on Windows', () => {
    const written = withIdentity(text.replaceAll('\n', '\r\n'), 'e.yaml', identity);
    expect(written.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(written.replaceAll('\r\n', '\n')).toBe(withIdentity(text, 'e.yaml', identity));
  });

  test('a hash that looks like a number stays a text', () => {
    const caSha256 = `1e${'0'.repeat(62)}`;
    const written = withIdentity(text, 'e.yaml', { ...identity, caSha256 });
    expect(written).toContain(`caSha256: '${caSha256}'`);
  });

  test.each([
    [
      'an embedded cluster',
      text.replace(
        /^cluster:[^]*?\n\n/m,
        'cluster: { provider: embedded, nodes: [{ name: a }] }\n\n',
      ),
      'e.yaml:10: unknown key cluster.identity',
    ],
    ['a file that is wrong already', text.replace('confirm', 'yes'), 'e.yaml:7: protection'],
  ])('refuses %s', (_name, before, message) => {
    expect(() => withIdentity(before, 'e.yaml', identity)).toThrow(message);
  });
});

describe('writeIdentity', () => {
  let workspaceRoot: string;
  let directory: string;
  beforeEach(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'write-identity-'));
    directory = join(workspaceRoot, 'environments/a');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'environment.yaml'), text);
  });
  afterEach(() => rm(workspaceRoot, { recursive: true }));
  const read = (): Promise<string> => readFile(join(directory, 'environment.yaml'), 'utf8');

  test('leaves one file, with the mode that it had', async () => {
    await chmod(join(directory, 'environment.yaml'), 0o640);
    await writeIdentity({ workspaceRoot, directory }, identity);
    expect(await read()).toBe(withIdentity(text, 'e.yaml', identity));
    expect((await stat(join(directory, 'environment.yaml'))).mode & 0o777).toBe(0o640);
    expect(await readdir(directory)).toEqual(['environment.yaml']);
  });

  test('writes through a link', async () => {
    const file = join(directory, 'environment.yaml');
    await writeFile(join(workspaceRoot, 'real.yaml'), text);
    await rm(file);
    await symlink('../../real.yaml', file);
    await writeIdentity({ workspaceRoot, directory }, identity);
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(workspaceRoot, 'real.yaml'), 'utf8')).toContain(identity.uid);
  });

  test('writes nothing where it cannot write all', async () => {
    const wrong = text.replace('confirm', 'yes');
    await writeFile(join(directory, 'environment.yaml'), wrong);
    await expect(writeIdentity({ workspaceRoot, directory }, identity)).rejects.toMatchObject({
      code: 'invalid-environment',
      message: expect.stringContaining('environments/a/environment.yaml:7') as string,
    });
    expect(await read()).toBe(wrong);
    expect(await readdir(directory)).toEqual(['environment.yaml']);
  });
});
