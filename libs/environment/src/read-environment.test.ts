import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EnvironmentError } from './errors.ts';
import { checkEnvironment, listEnvironments, readEnvironment } from './read-environment.ts';
import { parseYamlFile } from './yaml-file.ts';

const valid = `
configVersion: "20261123"
namespaces: { prow: kubevirt-prow, jobs: kubevirt-prow-jobs }
protection: confirm
secrets: { source: folder, path: ~/secrets }
cluster: { provider: kubeconfig, context: prow }
`;

const check = (text: string): ReturnType<typeof checkEnvironment> =>
  checkEnvironment(parseYamlFile(text, 'e.yaml'));

const pinned = (identity: object): string =>
  valid.replace('context: prow', `context: prow, identity: ${JSON.stringify(identity)}`);

function problem(text: string): string {
  try {
    check(text);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({ code: 'invalid-environment' });
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

describe('checkEnvironment', () => {
  test('accepts each provider and source', () => {
    expect(check(valid)).toEqual({
      configVersion: '20261123',
      namespaces: { prow: 'kubevirt-prow', jobs: 'kubevirt-prow-jobs' },
      protection: 'confirm',
      secrets: { source: 'folder', path: '~/secrets' },
      cluster: { provider: 'kubeconfig', context: 'prow' },
    });
    const embedded = valid
      .replace(/^secrets.*/m, 'secrets: { source: generated }')
      .replace(
        /^cluster.*/m,
        'cluster: { provider: embedded, nodes: [{ name: node01, labels: { type: vm } }, { name: node02 }] }',
      );
    expect(check(embedded).cluster).toEqual({
      provider: 'embedded',
      nodes: [{ name: 'node01', labels: { type: 'vm' } }, { name: 'node02' }],
    });
  });

  test('accepts the identity of a cluster, whatever vouches for it', () => {
    const uid = '0b0c0d0e-1111-4222-8333-444455556666';
    for (const caSha256 of ['0'.repeat(64), 'system', 'insecure']) {
      const identity = { uid, server: 'https://10.0.0.1:6443', caSha256 };
      expect(check(pinned(identity)).cluster).toEqual({
        provider: 'kubeconfig',
        context: 'prow',
        identity,
      });
    }
  });

  test.each([
    ['a uid that is none', { uid: 'kube-system' }, 'uid: is no uid of a Kubernetes object'],
    ['a server with a slash at its end', { server: 'https://a.b/' }, 'server: is no URL such as'],
    ['a server that is a host', { server: 'a.b:6443' }, 'server: is no URL such as'],
    ['a hash in capitals', { caSha256: 'A'.repeat(64) }, 'caSha256: is neither a SHA-256'],
    ['a hash that YAML takes for a number', { caSha256: 1 }, 'caSha256: must be string'],
    ['another key', { name: 'prow' }, 'unknown key cluster.identity.name'],
    ['a key left out', { server: undefined }, 'cluster.identity.server is missing'],
  ])('refuses an identity with %s', (_name, part, expected) => {
    const uid = '0b0c0d0e-1111-4222-8333-444455556666';
    const identity = { uid, server: 'https://a.b:6443', caSha256: 'system', ...part };
    expect(problem(pinned(identity))).toMatch(/e\.yaml:6: /);
    expect(problem(pinned(identity))).toContain(expected);
  });

  test.each([
    ['an unknown key', `${valid}replicas: 3\n`, 'e.yaml:7: unknown key replicas'],
    [
      'an unknown key deep inside',
      valid.replace('jobs:', 'job: x, jobs:'),
      'e.yaml:3: unknown key namespaces.job',
    ],
    ['a missing key', valid.replace(/^protection.*\n/m, ''), 'protection is missing'],
    [
      'a missing key deep inside',
      valid.replace(', context: prow', ''),
      'e.yaml:6: cluster.context is missing',
    ],
    ['an unknown provider', valid.replace('kubeconfig,', 'kubecfg,'), 'e.yaml:6: cluster.provider'],
    [
      'a number for the version',
      valid.replace('"20261123"', '20261123'),
      'e.yaml:2: configVersion: must be a string',
    ],
    [
      'a version that leaves its folder',
      valid.replace('20261123', '../../x'),
      'e.yaml:2: configVersion: is no folder name',
    ],
    [
      'a namespace that Kubernetes refuses',
      valid.replace('prow: kubevirt-prow', 'prow: Kubevirt_Prow'),
      'e.yaml:3: namespaces.prow: is no valid Kubernetes name',
    ],
    ['a protection of another name', valid.replace('confirm', 'yes'), 'e.yaml:4: protection'],
    [
      'an embedded cluster without nodes',
      valid.replace(/^cluster.*/m, 'cluster: { provider: embedded, nodes: [] }'),
      'e.yaml:6: cluster.nodes: needs at least one node',
    ],
    ['a syntax error', 'configVersion: "2026\nnamespaces: {', 'e.yaml:'],
    ['an empty file', '', 'configVersion is missing'],
  ])('refuses %s and says where', (_name, text, expected) => {
    expect(problem(text)).toContain(expected);
  });

  test('tells all problems at once', () => {
    const message = problem(`${valid.replace('confirm', 'yes')}replicas: 3\n`);
    expect(message).toContain('2 problems');
    expect(message).toContain('protection');
    expect(message).toContain('replicas');
  });
});

describe('readEnvironment', () => {
  let workspaceRoot: string;
  beforeEach(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'environment-test-'));
    await mkdir(join(workspaceRoot, 'environments/a'), { recursive: true });
    await writeFile(join(workspaceRoot, 'environments/a/environment.yaml'), valid);
  });
  afterEach(() => rm(workspaceRoot, { recursive: true }));

  test('gives name and folder beside the content', async () => {
    expect(await readEnvironment({ workspaceRoot, name: 'a' })).toMatchObject({
      name: 'a',
      directory: join(workspaceRoot, 'environments/a'),
      configVersion: '20261123',
    });
    expect(await listEnvironments(workspaceRoot)).toEqual(['a']);
  });

  test.each(['Production', 'my env', '-a', 'a-', 'a'.repeat(64), 'ä'])(
    'a name that cannot be a label is an error: %s',
    async (name) => {
      const directory = join(workspaceRoot, 'environments', name);
      await mkdir(directory);
      await writeFile(join(directory, 'environment.yaml'), valid);
      await expect(readEnvironment({ workspaceRoot, name })).rejects.toMatchObject({
        code: 'invalid-environment',
        message: expect.stringMatching(
          new RegExp(`^Cannot use environments/${name}: its name .* Rename the folder\\.$`),
        ) as string,
      });
    },
  );

  test.each(['b', '0', 'prow.v2_x-y', 'a'.repeat(63)])(
    'a name that can be a label: %s',
    async (name) => {
      await mkdir(join(workspaceRoot, 'environments', name));
      await writeFile(join(workspaceRoot, 'environments', name, 'environment.yaml'), valid);
      expect(await readEnvironment({ workspaceRoot, name })).toMatchObject({ name });
    },
  );

  test('an unknown environment is an error that names those there are', async () => {
    await expect(readEnvironment({ workspaceRoot, name: 'b' })).rejects.toMatchObject({
      code: 'unknown-environment',
      message:
        'Cannot read environment b: environments/b/environment.yaml is not there. Environments: a.',
    });
  });
});
