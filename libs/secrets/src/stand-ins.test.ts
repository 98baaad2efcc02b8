import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterSpec, Environment } from '@prow-deploy/environment';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isGenerated, STANDS_IN_FOR, withoutStandIns } from './stand-ins.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stand-ins-'));
  await write(
    'kustom-base/secrets-boilerplate/shape.yaml',
    'oauth-token/oauth: { description: a token, readBy: [hook], format: text, generate: throw-away }\n',
  );
  await write('kustom-base/secrets-boilerplate/oauth-token/oauth', 'a token\n');
  await write(
    'environments/e/kustomization.yaml',
    'secretGenerator: [{ name: oauth-token, files: [secrets/oauth-token/oauth] }]\n',
  );
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const LOCAL: ClusterSpec = { provider: 'node' };
const environment = (cluster: ClusterSpec) =>
  ({
    name: 'e',
    directory: join(root, 'environments/e'),
    workspaceRoot: root,
    cluster,
  }) as Environment;
const service = { kind: 'Service', metadata: { name: 'github' } };
const standIn = {
  kind: 'Service',
  metadata: { name: 'fake', annotations: { [STANDS_IN_FOR]: 'oauth-token/oauth' } },
};

test.each([
  ['a throw-away value', 'throw-away\n', LOCAL, true],
  ['no value', '', LOCAL, true],
  ["somebody's token", 'ghp_1234', LOCAL, false],
  [
    'a throw-away value in a cluster of others',
    'throw-away',
    { provider: 'kubeconfig', context: 'c' },
    false,
  ],
] as const)('with %s, what stands in is there or not', async (_name, token, cluster, stays) => {
  await write('environments/e/secrets/oauth-token/oauth', token);
  const left = await withoutStandIns(environment(cluster), [service, standIn]);
  expect(left).toEqual(stays ? [service, standIn] : [service]);
});

test('a value is known by the recipe that made it', () => {
  expect(isGenerated('throw-away', 'throw-away')).toBe(true);
  expect(isGenerated('a${hex:2}.b', 'abeef.b')).toBe(true);
  expect(isGenerated('a${hex:2}.b', 'abeefxb')).toBe(false);
});
