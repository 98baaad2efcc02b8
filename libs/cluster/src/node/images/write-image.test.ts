import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ImageOptions, writeImage } from './write-image.ts';

let directory: string;
let binary: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'image-'));
  binary = join(directory, 'binary');
  await writeFile(binary, 'machine code');
});
afterEach(() => rm(directory, { recursive: true }));

function optionsFor(rest: Partial<ImageOptions> = {}): ImageOptions {
  return {
    path: join(directory, 'image.tar'),
    name: 'registry.example.org/deck:v1',
    files: [
      { path: '/ko-app/deck', source: binary },
      { path: '/etc/passwd', text: 'prow:x:65532:65532::/:\n' },
      { path: '/var/tmp', mode: 0o1777 },
    ],
    entrypoint: ['/ko-app/deck'],
    ...rest,
  };
}

interface TarEntry {
  readonly type: string;
  readonly mode: number;
  readonly time: number;
  readonly owner: string;
  readonly link: string | null | undefined;
  readonly data: Buffer;
}

async function untar(tar: Buffer): Promise<Map<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, type, mode, mtime, uid, gid, linkname: link } = entry.header;
    const data = Buffer.concat(chunks);
    entries.set(name, { type, mode, time: mtime.getTime(), owner: `${uid}:${gid}`, link, data });
  }
  return entries;
}

/** What docker load and containerd read. */
async function load(path: string) {
  const archive = await untar(await readFile(path));
  const json = (name: string): unknown => JSON.parse(archive.get(name)?.data.toString() ?? 'null');
  const [manifest] = json('manifest.json') as [
    { Config: string; RepoTags: string[]; Layers: [string] },
  ];
  const layer = archive.get(manifest.Layers[0])?.data ?? Buffer.alloc(0);
  return {
    tags: manifest.RepoTags,
    configuration: json(manifest.Config) as {
      readonly architecture: string;
      readonly config: Readonly<Record<string, unknown>>;
      readonly rootfs: { readonly diff_ids: readonly string[] };
    },
    layerDigest: `sha256:${createHash('sha256').update(layer).digest('hex')}`,
    files: await untar(layer),
  };
}

test('an image holds its files, and the folders that they are in', async () => {
  await writeImage(optionsFor());
  const { tags, configuration, layerDigest, files } = await load(join(directory, 'image.tar'));
  expect(tags).toEqual(['registry.example.org/deck:v1']);
  expect(configuration.rootfs.diff_ids).toEqual([layerDigest]);
  expect([...files].map(([name, { type, mode }]) => `${type} ${mode.toString(8)} ${name}`)).toEqual(
    [
      'directory 755 etc',
      'file 644 etc/passwd',
      'directory 755 ko-app',
      'file 755 ko-app/deck',
      'directory 755 var',
      'directory 1777 var/tmp',
    ],
  );
  expect(files.get('ko-app/deck')?.data.toString()).toBe('machine code');
  expect(new Set([...files.values()].map(({ owner }) => owner))).toEqual(new Set(['0:0']));
});

test('an image says what is run, as whom and where', async () => {
  const env = { KO_DATA_PATH: '/var/run/ko', PATH: '/ko-app' };
  await writeImage(
    optionsFor({ user: '65532', env, workingDirectory: '/data', architecture: 'arm64' }),
  );
  const { configuration } = await load(join(directory, 'image.tar'));
  expect(configuration).toMatchObject({
    architecture: 'arm64',
    os: 'linux',
    config: {
      Entrypoint: ['/ko-app/deck'],
      User: '65532',
      Env: ['PATH=/ko-app', 'KO_DATA_PATH=/var/run/ko'],
      WorkingDir: '/data',
    },
  });
});

test('files of a layer below are the same layer in every image that has them', async () => {
  const base: ImageOptions['files'] = [
    { path: '/usr/bin/git', source: binary },
    { path: '/usr/bin/git-upload-pack', link: 'git' },
  ];
  const layersOf = async (options: ImageOptions) => {
    await writeImage(options);
    const archive = await untar(await readFile(options.path));
    const json = (name: string): unknown => JSON.parse(archive.get(name)?.data.toString() ?? '');
    const [{ Config, Layers }] = json('manifest.json') as [{ Config: string; Layers: string[] }];
    const { rootfs } = json(Config) as { rootfs: { diff_ids: string[] } };
    const datas = Layers.map((name) => archive.get(name)?.data ?? Buffer.alloc(0));
    expect(rootfs.diff_ids).toEqual(
      datas.map((data) => `sha256:${createHash('sha256').update(data).digest('hex')}`),
    );
    return datas;
  };
  const [below, above] = await layersOf(optionsFor({ base }));
  const files = await untar(below ?? Buffer.alloc(0));
  expect(files.get('usr/bin/git')?.data.toString()).toBe('machine code');
  expect(files.get('usr/bin/git-upload-pack')).toMatchObject({ type: 'symlink', link: 'git' });
  const [again, other] = await layersOf(
    optionsFor({ base, files: [{ path: '/ko-app/tide', source: binary }] }),
  );
  expect(again).toEqual(below);
  expect(other).not.toEqual(above);
});

test('the same files give the same bytes, whatever their order and time', async () => {
  const first = await writeImage(optionsFor({ path: join(directory, 'first.tar') }));
  await utimes(binary, 1, 1);
  const second = await writeImage(
    optionsFor({
      path: join(directory, 'second.tar'),
      files: [...optionsFor().files].reverse(),
    }),
  );
  expect(second).toEqual(first);
  expect(first.id).toMatch(/^sha256:[0-9a-f]{64}$/);
  const [a, b] = await Promise.all(
    ['first.tar', 'second.tar'].map((name) => readFile(join(directory, name))),
  );
  expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
});

test('another byte gives another image', async () => {
  const first = await writeImage(optionsFor());
  await writeFile(binary, 'Machine code');
  expect((await writeImage(optionsFor())).id).not.toBe(first.id);
});

test('nothing is above an image: a path that seems to leave it stays in it', async () => {
  await writeImage(optionsFor({ files: [{ path: '/../etc/passwd', text: '' }] }));
  const { files } = await load(join(directory, 'image.tar'));
  expect([...files.keys()]).toEqual(['etc', 'etc/passwd']);
});

describe('an image that cannot be written', () => {
  test.each([
    ['a relative path', [{ path: 'deck', text: '' }], /it is no absolute path/],
    ['the root folder', [{ path: '/' }], /it is no absolute path/],
    ['two files of one path', [{ path: '/a', text: '' }, { path: '/./a' }], /it is there already/],
    ['a file that is not there', [{ path: '/a', source: '/nowhere/deck' }], /ENOENT/],
  ])('%s: says so, and leaves nothing half-written', async (_name, files, message) => {
    await expect(writeImage(optionsFor({ files }))).rejects.toThrow(message);
    expect(await readdir(directory)).toEqual(['binary']);
  });
});
