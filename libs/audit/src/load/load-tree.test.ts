import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AuditError } from '../audit-error.ts';
import { auditPatches } from '../patches/audit-patches.ts';
import { type TemporaryTree, temporaryTree } from '../testing/temporary-tree.ts';

let tree: TemporaryTree;
beforeEach(async () => {
  tree = await temporaryTree({
    'env/kustomization.yaml': 'resources: [n.yaml]\n',
    'env/n.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: prow}\n',
  });
});
afterEach(() => tree.remove());

// A kustomize that tells when it is started: hostile input must never reach it.
async function refusal(files: Readonly<Record<string, string>> = {}): Promise<AuditError> {
  await tree.write(files);
  const spy = join(tree.root, 'kustomize-spy');
  await writeFile(spy, `#!/bin/sh\ntouch '${tree.root}/started'\n`, { mode: 0o755 });
  const started = performance.now();
  const error: unknown = await auditPatches(join(tree.root, 'env'), {
    kustomize: spy,
    root: tree.root,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(process.memoryUsage().rss).toBeLessThan(1024 ** 3);
  expect(execFileSync('ls', [tree.root], { encoding: 'utf8' })).not.toContain('started');
  expect(error).toBeInstanceOf(AuditError);
  return error as AuditError;
}

const bomb = [
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\n',
  'a: &a [x, x, x, x, x, x, x, x, x, x]\n',
  ...'bcdefghij'.split('').map((name, index) => {
    const before = 'abcdefghi'[index] ?? '';
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]\n`;
  }),
].join('');

describe('hostile input is refused, and kustomize is not started', () => {
  test.each([
    ['a manifest whose aliases explode', { 'env/n.yaml': bomb }, 'too-large', 'n.yaml'],
    [
      'a kustomization whose aliases explode',
      { 'env/kustomization.yaml': bomb },
      'too-large',
      'kustomization.yaml',
    ],
    [
      'brackets a hundred thousand deep',
      { 'env/n.yaml': `a: ${'['.repeat(100_000)}` },
      'too-large',
      'nests',
    ],
    [
      'maps ten thousand deep',
      { 'env/n.yaml': `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}` },
      'too-large',
      'nests',
    ],
    [
      'lists by indentation, deep',
      { 'env/n.yaml': `${'- '.repeat(50_000)}1` },
      'too-large',
      'nests',
    ],
    [
      'maps by indentation, deep',
      {
        'env/n.yaml': Array.from({ length: 1_500 }, (_x, depth) => `${' '.repeat(depth)}a:\n`).join(
          '',
        ),
      },
      'too-large',
      'nests',
    ],
    [
      'a path out of the root',
      { 'env/kustomization.yaml': 'resources: [../../../../etc]\n' },
      'outside',
      'leads out',
    ],
    [
      'a file out of the root',
      { 'env/kustomization.yaml': 'resources: [../../../etc/passwd]\n' },
      'outside',
      'leads out',
    ],
    [
      'an absolute path',
      { 'env/kustomization.yaml': 'resources: [/etc/passwd]\n' },
      'outside',
      'leads out',
    ],
    [
      'a patch out of the root',
      { 'env/kustomization.yaml': 'resources: [n.yaml]\npatches: [{path: ../../../etc/passwd}]\n' },
      'outside',
      'leads out',
    ],
    [
      'a generator input out of the root',
      {
        'env/kustomization.yaml':
          'configMapGenerator: [{name: a, files: [k=../../../etc/passwd]}]\n',
      },
      'outside',
      'leads out',
    ],
    [
      'an env file out of the root',
      { 'env/kustomization.yaml': 'secretGenerator: [{name: a, env: ../../../etc/passwd}]\n' },
      'outside',
      'leads out',
    ],
    [
      'a remote resource',
      { 'env/kustomization.yaml': 'resources: ["https://example.invalid/x.yaml"]\n' },
      'outside',
      'remote',
    ],
    [
      'a remote repository',
      { 'env/kustomization.yaml': 'resources: [github.com/owner/repo//path?ref=main]\n' },
      'outside',
      'remote',
    ],
    [
      'a remote repository over ssh',
      { 'env/kustomization.yaml': 'resources: ["git@example.invalid:owner/repo.git"]\n' },
      'outside',
      'remote',
    ],
    [
      'a remote component',
      {
        'env/kustomization.yaml':
          'resources: [n.yaml]\ncomponents: ["https://example.invalid/c"]\n',
      },
      'outside',
      'remote',
    ],
    [
      'a remote patch',
      {
        'env/kustomization.yaml':
          'resources: [n.yaml]\npatches: [{path: "http://example.invalid/p.yaml"}]\n',
      },
      'outside',
      'remote',
    ],
    [
      'a remote OpenAPI document',
      {
        'env/kustomization.yaml':
          'resources: [n.yaml]\nopenapi: {path: "https://example.invalid/o.json"}\n',
      },
      'outside',
      'remote',
    ],
    [
      'a remote path in a transformer',
      {
        'env/kustomization.yaml': 'resources: [n.yaml]\ntransformers: [t.yaml]\n',
        'env/t.yaml':
          'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: https://example.invalid/p.yaml\n',
      },
      'outside',
      'remote',
    ],
    [
      'a remote resource below',
      {
        'env/kustomization.yaml': 'resources: [../base]\n',
        'base/kustomization.yaml': 'resources: ["ssh://git@example.invalid/x"]\n',
      },
      'outside',
      'remote',
    ],
    [
      'a kustomization that references itself',
      {
        'env/kustomization.yaml': 'resources: [../a]\n',
        'a/kustomization.yaml': 'resources: [../env]\n',
      },
      'unreadable',
      'references itself',
    ],
    ['a manifest that is no YAML', { 'env/n.yaml': 'a: [1\nb: }\n' }, 'unreadable', 'env/n.yaml:'],
    [
      'a resource that is not there',
      { 'env/kustomization.yaml': 'resources: [absent.yaml]\n' },
      'unreadable',
      'absent.yaml',
    ],
    [
      'a kustomization that is a list',
      { 'env/kustomization.yaml': '- a\n' },
      'unreadable',
      'map of fields',
    ],
    [
      'a file of 50 MB',
      { 'env/n.yaml': `a: ${'x'.repeat(50_000_000)}\n` },
      'too-large',
      '50000004 bytes',
    ],
    ['millions of values', { 'env/n.yaml': `[${'1,'.repeat(1_000_000)}]` }, 'too-large', 'values'],
  ])('%s', { timeout: 20_000 }, async (_name, files, code, message) => {
    const error = await refusal(files);
    expect(error.code).toMatch(new RegExp(`^(${code})$`));
    expect(error.message).toMatch(new RegExp(message));
  });

  test('a link to a file out of the root', async () => {
    await tree.write({ 'env/kustomization.yaml': 'resources: [link.yaml]\n' });
    await symlink('/etc/passwd', join(tree.root, 'env/link.yaml'));
    expect(await refusal()).toMatchObject({ code: 'outside' });
  });

  test('a link to a folder out of the root', async () => {
    await tree.write({ 'env/kustomization.yaml': 'resources: [../link]\n' });
    await symlink('/etc', join(tree.root, 'link'));
    expect(await refusal()).toMatchObject({ code: 'outside' });
  });

  test('the kustomization file itself is a link out of the root', async () => {
    await mkdir(join(tree.root, 'other'));
    await symlink('/etc/passwd', join(tree.root, 'other/kustomization.yaml'));
    await tree.write({ 'env/kustomization.yaml': 'resources: [../other]\n' });
    expect(await refusal()).toMatchObject({ code: 'outside' });
  });

  test('a pipe, which would be read forever', async () => {
    await tree.write({ 'env/kustomization.yaml': 'resources: [pipe.yaml]\n' });
    execFileSync('mkfifo', [join(tree.root, 'env/pipe.yaml')]);
    expect(await refusal()).toMatchObject({ code: 'unreadable' });
  });

  test('a link within the root to a file of another folder, as kustomize refuses it', async () => {
    await tree.write({
      'env/kustomization.yaml': 'resources: [link.yaml]\n',
      'other/n.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n',
    });
    await symlink('../other/n.yaml', join(tree.root, 'env/link.yaml'));
    expect(await refusal()).toMatchObject({ code: 'unbuildable' });
  });

  test('two kustomization files in one folder', async () => {
    expect(await refusal({ 'env/Kustomization': 'resources: [n.yaml]\n' })).toMatchObject({
      code: 'unbuildable',
    });
  });

  test.each([
    ['name', '(a+)+$'],
    ['namespace', '(.*a){30}'],
    ['kind', '([a-z]|[a-z])*X'],
  ])('an expression for %s that would take forever', async (field, expression) => {
    await tree.write({
      'env/kustomization.yaml': `resources: [n.yaml]\npatches:\n- target: {${field}: '${expression}'}\n  patch: '[{"op": "test", "path": "/kind", "value": "Namespace"}]'\n`,
      'env/n.yaml': `apiVersion: v1\nkind: ${'a'.repeat(60)}\nmetadata: {name: ${'a'.repeat(60)}!, namespace: ${'a'.repeat(60)}!}\n`,
    });
    const started = performance.now();
    const kustomize = await ensureTool('kustomize');
    await expect(auditPatches(join(tree.root, 'env'), { kustomize })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test('a folder that is not there, or has no kustomization, is an error and not an empty result', async () => {
  await expect(auditPatches(join(tree.root, 'absent'))).rejects.toMatchObject({
    code: 'unreadable',
  });
  await mkdir(join(tree.root, 'empty'));
  await expect(auditPatches(join(tree.root, 'empty'))).rejects.toMatchObject({
    code: 'unreadable',
  });
});
