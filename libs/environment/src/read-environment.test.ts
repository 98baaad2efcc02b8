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
    const node = (rest: string) =>
      check(valid.replace(/^cluster.*/m, `cluster: { provider: node${rest} }`)).cluster;
    expect(node('')).toEqual({ provider: 'node' });
    expect(node(', name: node02, labels: { type: vm }')).toEqual({
      provider: 'node',
      name: 'node02',
      labels: { type: 'vm' },
    });
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

  test('an unknown environment is an error that names those there are', async () => {
    await expect(readEnvironment({ workspaceRoot, name: 'b' })).rejects.toMatchObject({
      code: 'unknown-environment',
      message:
        'Cannot read environment b: environments/b/environment.yaml is not there. Environments: a.',
    });
  });
});
