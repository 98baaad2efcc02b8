import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '@prow-deploy/testing';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { blobHash } from '../git/git-hash.ts';
import {
  type FileContent,
  type TestRepository,
  testRepository,
} from '../testing/git-repository.ts';
import { gitServer } from '../testing/git-server.ts';
import {
  REAL_COMMITS,
  noUpstreamData,
  referenceCommit,
  referenceRepository,
} from '../testing/reference-commits.ts';
import { type TestWorkspace, testWorkspace } from '../testing/workspace.ts';
import { checkCopy } from './check-copy.ts';
import { readSource } from './source.ts';
import { fetchSource, sync } from './sync.ts';

const noMount =
  process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'a small file system is mounted by root on Linux';
const BREAK_SEED = Number(process.env['PROW_DEPLOY_SEED'] ?? 20261126);
const FOLDER = 'config/prow/cluster';
const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: default }\n`;

let repository: TestRepository;
let workspace: TestWorkspace;

async function syncAt(
  revision: string,
  options: { path?: string; repository?: string; signal?: AbortSignal } = {},
) {
  return sync({ upstream: await workspace.upstream(), revision, ...options });
}

describe.skipIf(noUpstreamData)(
  `upstream's real files${noUpstreamData ? ` (skipped: ${noUpstreamData})` : ''}`,
  { timeout: 60_000 },
  () => {
    let commits: Awaited<ReturnType<typeof referenceRepository>>;
    beforeAll(async () => {
      commits = await referenceRepository();
    });
    afterAll(() => commits.remove());
    beforeEach(async () => {
      workspace = await testWorkspace(commits.root);
    });
    afterEach(() => workspace.remove());

    test.each(REAL_COMMITS)('%s: each file has the hash that upstream gives it', async (name) => {
      const reference = await referenceCommit(name);
      const { directory, source, written } = await syncAt(commits.commits[name]);
      expect(written).toBe(true);
      expect(new Map(source.files.map(({ path, hash }) => [path, hash]))).toEqual(reference.blobs);
      for (const [path, hash] of reference.blobs) {
        expect(blobHash(await readFile(join(directory, 'manifests', path)))).toBe(hash);
      }
      expect(source.tree).toBe(
        await commits.git('rev-parse', `${commits.commits[name]}:${FOLDER}`),
      );
      expect(Date.parse(source.date ?? '')).toBe(Date.parse(reference.date));
      expect(source.date).toBe(reference.date);
      expect(await readSource(directory, workspace.root)).toEqual(source);
      expect((await checkCopy(directory, workspace.root)).problems).toEqual([]);
    });
  },
);

const EXOTIC: Record<string, FileContent> = {
  'crlf.yaml': 'a: 1\r\nb: 2\r\n',
  'no-final-newline.yaml': 'a: 1',
  'empty.yaml': '',
  'ünï code 日本.yaml': 'name: ü\n',
  'quoted "name".yaml': 'a: 1\n',
  'binary.bin': Buffer.from([0, 255, 10, 13, 0]),
  'run.sh': { run: '#!/bin/sh\necho $Id$\n' },
  'link.yaml': { link: 'crlf.yaml' },
  dangling: { link: '../../nowhere' },
  'sub/folder/deep.yaml': 'deep: true\n',
  'sub/.gitattributes': '* text eol=crlf ident\n',
  'sub/.gitignore': '*\n',
  'sub/ident.txt': '$Id$\n',
};
const placed = (files: Record<string, FileContent>, folder = FOLDER): Record<string, FileContent> =>
  Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]),
  );

describe('sync', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    repository = await testRepository();
    workspace = await testWorkspace(repository.root);
  });
  afterEach(async () => {
    await repository.remove();
    await workspace.remove();
  });

  test('copies bytes, modes, links and names exactly, whatever attributes say', async () => {
    const commit = await repository.commit(placed(EXOTIC));
    await mkdir(join(repository.root, FOLDER, 'empty-folder'));
    const { directory, source } = await syncAt(commit);
    const manifests = join(directory, 'manifests');
    for (const [path, content] of Object.entries(EXOTIC)) {
      const file = join(manifests, path);
      const stats = await lstat(file);
      if (typeof content === 'string' || Buffer.isBuffer(content)) {
        expect(await readFile(file)).toEqual(Buffer.from(content));
        expect(stats.mode & 0o111).toBe(0);
      } else if ('run' in content) {
        expect(await readFile(file, 'utf8')).toBe(content.run);
        expect(stats.mode & 0o111).toBe(0o111);
      } else if ('link' in content) {
        expect(stats.isSymbolicLink()).toBe(true);
        expect(await readlink(file)).toBe(content.link);
      }
    }
    const listed = await repository.git('ls-tree', '-r', '-z', `${commit}:${FOLDER}`);
    const lines = source.files.map(({ mode, hash, path }) => `${mode} blob ${hash}\t${path}\0`);
    expect(lines.sort()).toEqual(
      listed
        .split('\0')
        .slice(0, -1)
        .map((line) => `${line}\0`)
        .sort(),
    );
    expect(source.tree).toBe(await repository.git('rev-parse', `${commit}:${FOLDER}`));
    expect(await workspace.list()).not.toContainEqual(expect.stringContaining('empty-folder'));
    expect((await checkCopy(directory, workspace.root)).problems).toEqual([]);
  });

  test('takes a branch, a tag, file:// and any other folder', async () => {
    const commit = await repository.commit(placed({ 'a.yaml': deployment('a') }, 'other/place'));
    await repository.git('tag', '--annotate', '-m', 'a tag', 'v1');
    for (const revision of ['master', 'v1', 'refs/heads/master', commit]) {
      const { source } = await syncAt(revision, {
        path: 'other/place',
        repository: `file://${repository.root}`,
      });
      expect(source).toMatchObject({
        commit,
        path: 'other/place',
        repository: `file://${repository.root}`,
      });
    }
    await repository.commit(placed(EXOTIC));
    const { source } = await syncAt('HEAD', { path: '.', repository: repository.root });
    expect(source.tree).toBe(await repository.git('rev-parse', 'HEAD^{tree}'));
  });

  test('takes a repository of SHA-256', async () => {
    const other = await testRepository('sha256');
    try {
      const commit = await other.commit(placed(EXOTIC));
      const { source, directory } = await syncAt(commit, { repository: other.root });
      expect(source.tree).toBe(await other.git('rev-parse', `HEAD:${FOLDER}`));
      expect((await checkCopy(directory, workspace.root)).problems).toEqual([]);
    } finally {
      await other.remove();
    }
  });

  test('a second time, it compares with upstream and writes nothing', async () => {
    const commit = await repository.commit(placed({ 'a.yaml': deployment('a') }));
    const { directory } = await syncAt(commit);
    const { mtimeMs } = await lstat(directory);
    expect(await syncAt(commit)).toMatchObject({ written: false });
    expect((await lstat(directory)).mtimeMs).toBe(mtimeMs);
    await writeFile(join(directory, 'manifests/a.yaml'), 'changed\n');
    await expect(syncAt(commit)).rejects.toMatchObject({
      code: 'not-exact',
      message: expect.stringContaining('manifests/a.yaml was changed') as unknown,
    });
    expect(await readFile(join(directory, 'manifests/a.yaml'), 'utf8')).toBe('changed\n');
  });

  test('uses what is used today, follows what was only renamed, and leaves out what is gone', async () => {
    const first = await repository.commit(
      placed({
        'kept.yaml': deployment('kept'),
        'old.yaml': deployment('moved'),
        'gone.yaml': deployment('gone'),
        'unused.yaml': deployment('unused'),
      }),
    );
    const { directory } = await syncAt(first);
    await workspace.write({
      [`vendor/test-infra/${first}/kustomization.yaml`]:
        '# Ours.\nresources:\n  - manifests/old.yaml # which moves\n  - manifests/kept.yaml\n  # No longer there.\n  - manifests/gone.yaml\n',
      'environments/a/kustomization.yaml': `resources: [../../vendor/test-infra/${first}]\n`,
    });
    const second = await repository.commit(
      placed({
        'kept.yaml': `${deployment('kept')}spec: {}\n`,
        'new.yaml': deployment('moved'),
        'added.yaml': deployment('added'),
      }),
    );
    const { selection, selectedAs, directory: next } = await syncAt(second);
    expect(selectedAs).toBe(directory);
    expect(selection).toMatchObject({
      kept: ['kept.yaml'],
      moved: [{ from: 'old.yaml', to: 'new.yaml' }],
      gone: ['gone.yaml'],
    });
    expect(await readFile(join(next, 'kustomization.yaml'), 'utf8')).toBe(
      '# Ours.\nresources:\n  - manifests/new.yaml # which moves\n  - manifests/kept.yaml\n',
    );
  });
});

describe('what goes wrong', { timeout: 60_000 }, () => {
  let commit: string;
  beforeEach(async () => {
    repository = await testRepository();
    workspace = await testWorkspace(repository.root);
    commit = await repository.commit({
      ...placed({ 'a.yaml': deployment('a') }),
      'top.yaml': 'a: 1\n',
    });
  });
  afterEach(async () => {
    await repository.remove();
    await workspace.remove();
  });

  async function refused(
    work: () => Promise<unknown>,
    code: string,
    ...says: string[]
  ): Promise<void> {
    const before = await workspace.list();
    const error: unknown = await work().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'VendorError', code });
    for (const text of says) expect((error as Error).message).toContain(text);
    expect(await workspace.list()).toEqual(before);
  }

  test('a remote that is down', () =>
    refused(
      () => syncAt(commit, { repository: 'http://127.0.0.1:9/x.git' }),
      'unreachable',
      'http://127.0.0.1:9/x.git',
    ));

  test('a path that is no repository, and one that is not there', async () => {
    await refused(
      () => syncAt(commit, { repository: workspace.root }),
      'unreachable',
      'does not appear to be a git repository',
    );
    await refused(() => syncAt(commit, { repository: './nowhere' }), 'unreachable', 'there is no');
  });

  test('a revision that is not there', async () => {
    await refused(
      () => syncAt('f'.repeat(40)),
      'unknown-revision',
      'no such commit, branch or tag',
    );
    await refused(() => syncAt('no-branch'), 'unknown-revision', 'no such commit, branch or tag');
    await refused(
      () => syncAt(commit.slice(0, 8)),
      'unknown-revision',
      'all digits of its hash are needed',
    );
  });

  test.each([
    '--upload-pack=touch x',
    '+master:refs/heads/x',
    'a..b',
    '',
    'a b',
    '^master',
    'x\ny',
  ])('a revision that is none: %j', (revision) =>
    refused(() => syncAt(revision), 'unknown-revision', 'Cannot use the revision'),
  );

  test('a path that is not there, or is no folder', async () => {
    await refused(
      () => syncAt(commit, { path: 'config/prow/custer' }),
      'no-such-path',
      'there is no config/prow/custer',
      'Folders in config/prow: cluster',
    );
    await refused(() => syncAt(commit, { path: 'top.yaml' }), 'no-such-path', 'top.yaml is a file');
    await refused(() => syncAt(commit, { path: '../x' }), 'no-such-path', 'there is no ..');
  });

  test('a submodule', async () => {
    const with1 = await repository.commit({
      ...placed({ 'a.yaml': deployment('a') }),
      [`${FOLDER}/module`]: { submodule: commit },
    });
    await refused(() => syncAt(with1), 'unsupported', 'module is a submodule');
    await refused(
      () => syncAt(with1, { path: `${FOLDER}/module` }),
      'no-such-path',
      'is a submodule',
    );
  });

  test('a name that is no UTF-8', async () => {
    const blob = blobHash(Buffer.from('a: 1\n'));
    const input = Buffer.concat([
      Buffer.from(`100644 blob ${blob}\t`),
      Buffer.from([0xff, 0xfe, 0]),
    ]);
    const { stdout: tree } = await execa('git', ['mktree', '-z', '--missing'], {
      cwd: repository.root,
      input,
    });
    const odd = await repository.git('commit-tree', '-m', 'odd', tree);
    await repository.git('update-ref', 'refs/heads/odd', odd);
    await refused(() => syncAt('odd', { path: '.' }), 'unsupported', 'is no UTF-8');
  });

  test('a URL with a password in it, which is not repeated', async () => {
    const error: unknown = await syncAt(commit, {
      repository: 'https://me:sesame@example.invalid/x',
    }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid-settings' });
    expect((error as Error).message).not.toContain('sesame');
  });

  test('a fetch that is interrupted', async () => {
    const controller = new AbortController();
    const before = await workspace.list();
    const work = syncAt(commit, { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 30);
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(await workspace.list()).toEqual(before);
  });

  test(`a connection that breaks, at six places (seed ${BREAK_SEED})`, async () => {
    const random = seeded(BREAK_SEED);
    const bytes = Buffer.from(Array.from({ length: 30_000 }, () => 256 * random()));
    const large = await repository.commit(placed({ 'a.yaml': deployment('a'), 'b.bin': bytes }));
    const server = await gitServer(repository.root);
    const temporary = await mkdtemp(join(tmpdir(), 'sync-test-'));
    vi.stubEnv('TMPDIR', temporary);
    try {
      await fetchSource({
        upstream: await workspace.upstream(),
        revision: large,
        repository: server.url,
      });
      const all = server.sent();
      expect(all).toBeGreaterThan(30_000);
      // Not behind the file's last bytes: what comes then is not needed, and not always as long.
      for (const part of [0, 0.9, ...Array.from({ length: 4 }, () => 0.9 * random())]) {
        server.breakAfter(Math.floor(part * all));
        await refused(() => syncAt(large, { repository: server.url }), 'unreachable', server.url);
        expect(await readdir(temporary)).toEqual([]);
      }
      server.breakAfter(Infinity);
      expect(await syncAt(large, { repository: server.url })).toMatchObject({ written: true });
    } finally {
      vi.unstubAllEnvs();
      await server.close();
      await rm(temporary, { recursive: true });
    }
  });

  test('what a killed run left is removed by a later one, and what is at work is left alone', async () => {
    const folder = join(workspace.root, 'vendor/test-infra');
    for (const name of ['.sync-killed', '.sync-atwork']) {
      await workspace.write({ [`vendor/test-infra/${name}/manifests/a.yaml`]: 'half' });
    }
    const hoursAgo = new Date(Date.now() - 2 * 60 * 60_000);
    await utimes(join(folder, '.sync-killed'), hoursAgo, hoursAgo);
    await syncAt(commit);
    const names = await readdir(folder);
    expect(names.sort()).toEqual(['.sync-atwork', commit, 'upstream.yaml']);
  });

  test('an upstream.yaml that is wrong', async () => {
    await workspace.write({ 'vendor/test-infra/upstream.yaml': 'repository: x\npaht: y\n' });
    await expect(syncAt(commit)).rejects.toMatchObject({
      code: 'invalid-settings',
      message: expect.stringContaining('vendor/test-infra/upstream.yaml:2: paht') as unknown,
    });
  });

  test('two at once: one writes, both succeed, and nothing else is there', async () => {
    const results = await Promise.all([syncAt(commit), syncAt(commit), syncAt(commit)]);
    expect(results.filter(({ written }) => written)).toHaveLength(1);
    expect(await workspace.list('vendor/test-infra')).toEqual([
      `vendor/test-infra/${commit}/`,
      `vendor/test-infra/${commit}/kustomization.yaml`,
      `vendor/test-infra/${commit}/manifests/`,
      `vendor/test-infra/${commit}/manifests/a.yaml`,
      `vendor/test-infra/${commit}/source.yaml`,
      'vendor/test-infra/upstream.yaml',
    ]);
    expect(
      (await checkCopy(join(workspace.root, 'vendor/test-infra', commit), workspace.root)).problems,
    ).toEqual([]);
  });

  const small = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
    await mkdir(folder, { recursive: true });
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    try {
      return await work();
    } finally {
      await execa('umount', [folder]);
    }
  };

  test.skipIf(noMount)(
    `no room for the copy${noMount ? ` (skipped: ${noMount})` : ''}`,
    async () => {
      const large = await repository.commit(
        placed({ 'a.yaml': deployment('a'), 'large.bin': Buffer.alloc(200_000, 'x') }),
      );
      await small(join(workspace.root, 'vendor/test-infra'), async () => {
        await workspace.write({
          'vendor/test-infra/upstream.yaml': `repository: ${repository.root}\npath: ${FOLDER}\n`,
        });
        await refused(
          () => syncAt(large),
          'no-space',
          'there is no room',
          'nothing was left behind',
        );
      });
    },
  );

  test.skipIf(noMount)(`no room to fetch${noMount ? ` (skipped: ${noMount})` : ''}`, async () => {
    const random = seeded(1);
    const bytes = Buffer.from(Array.from({ length: 200_000 }, () => 256 * random()));
    const large = await repository.commit(
      placed({ 'a.yaml': deployment('a'), 'large.bin': bytes }),
    );
    const temporary = join(workspace.root, 'temporary');
    await small(temporary, async () => {
      vi.stubEnv('TMPDIR', temporary);
      try {
        await refused(() => syncAt(large), 'no-space', 'there is no room', 'TMPDIR');
        expect(await readdir(temporary)).toEqual([]);
      } finally {
        vi.unstubAllEnvs();
      }
    });
  });

  test('a huge repository: hardly more than the folder is fetched', async () => {
    const noise = (index: number): Buffer =>
      Buffer.from(
        Array.from(
          { length: 4000 },
          (_, at) => (at * 7919 + index * 104_729 + ((at * at) % 251)) % 256,
        ),
      );
    const files: Record<string, FileContent> = placed({
      'a.yaml': deployment('a'),
      'b/c.yaml': deployment('c'),
    });
    for (let index = 0; index < 400; index += 1) {
      files[`${index % 2 ? 'config' : 'huge'}/d${index}/f`] = noise(index);
      files[`config/prow/cluster-${index}.bin`] = noise(index + 1000);
    }
    const big = await repository.commit(files);
    const { fetchedBytes, source } = await syncAt(big);
    const all =
      Number(
        /size-pack: (\d+)/.exec(
          (await repository.git('gc', '--quiet'), await repository.git('count-objects', '-v')),
        )?.[1],
      ) * 1024;
    expect(source.files).toHaveLength(2);
    expect(all).toBeGreaterThan(500_000);
    // The folder, the commit and the folders on the way, whose entries are many here.
    expect(fetchedBytes).toBeLessThan(40_000);
  });
});
