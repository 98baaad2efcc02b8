import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KustomizationTree, readKustomizationTree } from './kustomization-tree.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tree-test-'));
});
afterEach(() => rm(root, { recursive: true }));

async function tree(
  files: Record<string, string>,
): Promise<Pick<KustomizationTree, 'directories' | 'files' | 'problems'>> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const { directories, files: found, problems } = readKustomizationTree(join(root, 'env'), root);
  const short = (paths: readonly string[]): string[] =>
    paths.map((path) => relative(root, path)).sort();
  return { directories: short(directories), files: short(found), problems };
}

test('follows resources, components and patches through nested bases', async () => {
  expect(
    await tree({
      'env/kustomization.yaml':
        'resources: [../base]\ncomponents: [../part]\npatches: [{path: p.yaml}, {patch: "[]"}]',
      'env/p.yaml': '[]',
      'base/kustomization.yml': 'resources: [../deep, m.yaml]',
      'base/m.yaml': 'kind: A',
      'deep/Kustomization': 'resources: [n.yaml]',
      'deep/n.yaml': 'kind: B',
      'part/kustomization.yaml': 'resources: [https://example.org/x.yaml]',
    }),
  ).toEqual({
    directories: ['base', 'deep', 'env', 'part'],
    files: [
      'base/kustomization.yml',
      'base/m.yaml',
      'deep/Kustomization',
      'deep/n.yaml',
      'env/kustomization.yaml',
      'env/p.yaml',
      'part/kustomization.yaml',
    ],
    problems: [],
  });
});

test.each([
  [
    'references nothing',
    { 'env/kustomization.yaml': 'namePrefix: x-\nresources: []\n' },
    'env/kustomization.yaml:1: references nothing',
  ],
  ['is empty', { 'env/kustomization.yaml': '' }, 'env/kustomization.yaml:1: references nothing'],
  [
    'references what is not there',
    { 'env/kustomization.yaml': 'resources:\n- a.yaml\n- ../gone\n', 'env/a.yaml': '' },
    'env/kustomization.yaml:3: resources: ../gone is not there.',
  ],
  [
    'names a patch that is not there',
    {
      'env/kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: gone.yaml\n',
      'env/a.yaml': '',
    },
    'env/kustomization.yaml:3: patches: gone.yaml is not there.',
  ],
  [
    'references a folder without one',
    { 'env/kustomization.yaml': 'resources: [../base]', 'base/x': '' },
    'base: there is no kustomization.yaml.',
  ],
  ['is no YAML', { 'env/kustomization.yaml': 'resources: [a\nb: ]' }, 'env/kustomization.yaml:'],
])('a kustomization that %s is a problem with its place', async (_name, files, expected) => {
  const { problems } = await tree(files);
  expect(problems[0]).toContain(expected);
});

test('two that reference each other do not go round in circles', async () => {
  const { directories } = await tree({
    'env/kustomization.yaml': 'resources: [../other]',
    'other/kustomization.yaml': 'resources: [../env]',
  });
  expect(directories).toEqual(['env', 'other']);
});
