import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureTool } from '@prow-deploy/toolchain';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { build } from './build.ts';
import { KustomizeError } from './errors.ts';

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: prow }\n';

let kustomize: string;
let root: string;

beforeAll(async () => {
  kustomize = await ensureTool('kustomize');
}, 600_000);
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'kustomize-test-')));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

describe('build', () => {
  test('gives the objects that kustomize prints', async () => {
    await write({ 'env/kustomization.yaml': 'resources: [n.yaml]', 'env/n.yaml': namespace });
    const { manifest, warnings } = await build({ directory: join(root, 'env'), kustomize });
    expect(manifest).toBe('apiVersion: v1\nkind: Namespace\nmetadata:\n  name: prow\n');
    expect(warnings).toEqual([]);
  });

  test('an overlay stands in for files, those left out are not seen, and relative bases are found', async () => {
    await write({
      'base/kustomization.yaml': 'resources: [n.yaml]',
      'base/n.yaml': namespace,
      'environments/a/kustomization.yaml':
        'resources: [../../base]\nsecretGenerator:\n- name: s\n  files: [secrets/token]\n',
      'environments/a/secrets/token': 'the real one',
    });
    const { manifest } = await build({
      directory: join(root, 'environments/a'),
      kustomize,
      root,
      without: (name) => name === 'secrets',
      overlay: new Map([['environments/a/secrets/token', '<<placeholder>>']]),
    });
    expect(manifest).toContain(Buffer.from('<<placeholder>>').toString('base64'));
    expect(manifest).not.toContain(Buffer.from('the real one').toString('base64'));
    expect(manifest).toContain('name: prow');
  });

  test('what kustomize warns of is handed on', async () => {
    await write({
      'env/kustomization.yaml': 'bases: [../base]',
      'base/kustomization.yaml': 'resources: [n.yaml]',
      'base/n.yaml': namespace,
    });
    const { warnings } = await build({ directory: join(root, 'env'), kustomize });
    expect(warnings.join('\n')).toContain("'bases' is deprecated");
  });

  test('a failed build is one error with the message of kustomize and the paths of the workspace', async () => {
    await write({ 'environments/a/kustomization.yaml': 'resources: [absent.yaml]' });
    const directory = join(root, 'environments/a');
    const error = await build({ directory, kustomize, root, overlay: new Map() }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(KustomizeError);
    expect(error).toMatchObject({ code: 'build-failed' });
    expect((error as Error).message).toMatch(/^Cannot build environments\/a: kustomize says: /);
    expect((error as Error).message).toContain('absent.yaml');
    expect((error as Error).message).not.toContain('prow-deploy-');
  });

  test('a build that gives no object is an error', async () => {
    await write({ 'env/kustomization.yaml': 'resources: [n.yaml]', 'env/n.yaml': '---\n' });
    await expect(build({ directory: join(root, 'env'), kustomize })).rejects.toMatchObject({
      code: 'empty-build',
    });
  });

  test('nothing temporary stays behind, whether the build works or not', async () => {
    await write({
      'env/kustomization.yaml': 'resources: [n.yaml]',
      'env/n.yaml': namespace,
      'bad/kustomization.yaml': 'x: [',
      'temporary/x': '',
    });
    vi.stubEnv('TMPDIR', join(root, 'temporary'));
    try {
      const overlay = new Map<string, string>();
      await build({ directory: join(root, 'env'), kustomize, root, overlay });
      await expect(
        build({ directory: join(root, 'bad'), kustomize, root, overlay }),
      ).rejects.toThrow(KustomizeError);
      expect(await readdir(join(root, 'temporary'))).toEqual(['x']);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('an abort stops it', async () => {
    await write({ 'env/kustomization.yaml': 'resources: [n.yaml]', 'env/n.yaml': namespace });
    await expect(
      build({ directory: join(root, 'env'), kustomize, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
