import { beforeEach, expect, test } from 'vitest';
import { type TestRepository, testRepository } from '../testing/git-repository.ts';
import { type TestWorkspace, testWorkspace } from '../testing/workspace.ts';
import { prune } from './prune.ts';
import { sync } from './sync.ts';

let repository: TestRepository;
let workspace: TestWorkspace;
const commits: string[] = [];

beforeEach(async () => {
  repository = await testRepository();
  workspace = await testWorkspace(repository.root, 'm');
  commits.length = 0;
  for (const name of ['a', 'b', 'c']) {
    const commit = await repository.commit({
      'm/x.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`,
    });
    await sync({ upstream: await workspace.upstream(), revision: commit });
    commits.push(commit);
    await workspace.write({
      [`vendor/test-infra/${commit}/kustomization.yaml`]: 'resources: [manifests/x.yaml]\n',
    });
  }
  return async () => {
    await repository.remove();
    await workspace.remove();
  };
}, 60_000);

test('removes the copies that no environment uses, directly or through a base', async () => {
  const [first, second, third] = commits;
  await workspace.write({
    // Not rendered yet, as in a fresh clone.
    'environments/one/kustomization.yaml': `resources: [../../vendor/test-infra/${first ?? ''}, configs/x.yaml]\n`,
    'environments/two/kustomization.yaml': 'resources: [../../base]\n',
    'base/kustomization.yaml': `resources: [../vendor/test-infra/${second ?? ''}]\n`,
  });
  expect(await prune(await workspace.upstream())).toEqual({
    removed: [`vendor/test-infra/${third ?? ''}`],
    kept: [
      { folder: `vendor/test-infra/${first ?? ''}`, usedBy: ['one'] },
      { folder: `vendor/test-infra/${second ?? ''}`, usedBy: ['two'] },
    ].sort((a, b) => (a.folder < b.folder ? -1 : 1)),
  });
  const left = await workspace.list('vendor/test-infra');
  expect(left.filter((path) => path.includes(third ?? ''))).toEqual([]);
});

test('removes nothing where it cannot tell what is used', async () => {
  await workspace.write({ 'environments/one/kustomization.yaml': 'resources: [../../gone]\n' });
  const before = await workspace.list();
  await expect(prune(await workspace.upstream())).rejects.toMatchObject({ code: 'not-vendored' });
  expect(await workspace.list()).toEqual(before);
});
