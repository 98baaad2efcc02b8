import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { normalizedName } from './image-name.ts';

/** A container image of one layer, or of two. */
export interface ImageOptions {
  /** Where the archive is written; replaced whole or not at all. */
  readonly path: string;
  /** Name of the image as a manifest writes it, such as `us-docker.pkg.dev/k8s-infra-prow/images/deck:v1`. */
  readonly name: string;
  /** What is in it. Folders in between come by themselves. */
  readonly files: readonly ImageFile[];
  /** Files of a layer below; a node keeps it once for all images that have the same. Default: no such layer. */
  readonly base?: readonly ImageFile[];
  /** What is run, before the arguments that a pod adds. */
  readonly entrypoint: readonly string[];
  /** User, by number. Its group is 0 where a pod does not say otherwise. Default: root. */
  readonly user?: string;
  /** Environment variables. Default: a PATH with the usual folders. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `/`. */
  readonly workingDirectory?: string;
  /** In Go's words. Default: that of this machine. */
  readonly architecture?: string;
}

/** A file, a symbolic link, or an empty folder, in an image; owned by root. */
export interface ImageFile {
  /** Absolute path in the image. */
  readonly path: string;
  /** Path of the file on this machine; a folder has none, nor any of the next two. */
  readonly source?: string;
  /** Content of the file. */
  readonly text?: string;
  /** Where the symbolic link leads. */
  readonly link?: string;
  /** Default: 0755 for a folder and for what `source` names, 0644 for a text. */
  readonly mode?: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Everything in an image is of this time, so that the same files give the same image. */
const EPOCH = new Date(0);

/**
 * Writes an image as a Docker archive (`docker save`), which containerd imports. The same options and files give the same
 * bytes, whenever and wherever they are written; files are not held in memory.
 *
 * @returns the image's id: the digest of its configuration.
 * @throws {Error} for a name that is none, two files of one path, and errors of the file system.
 */
export async function writeImage(options: ImageOptions): Promise<{ readonly id: string }> {
  const { path, name } = options;
  const reference = normalizedName(name);
  const temporary = `${path}.${process.pid}.tmp`;
  const { base = [], files } = options;
  const contents = base.length === 0 ? [files] : [base, files];
  const layers = contents.map((_, index) => `${path}.${process.pid}.layer${index}`);
  try {
    const digests: string[] = [];
    for (const [index, content] of contents.entries()) {
      digests.push(await writeLayer(layers[index] ?? '', entriesOf(content)));
    }
    const configuration = JSON.stringify(configurationOf(options, digests));
    const id = createHash('sha256').update(configuration).digest('hex');
    const names = digests.map((digest) => `${digest}/layer.tar`);
    const manifest = [{ Config: `${id}.json`, RepoTags: [reference], Layers: names }];
    await writeTar(temporary, [
      { name: `${id}.json`, mode: 0o644, text: configuration },
      ...names.map((name, index) => ({ name, mode: 0o644, source: layers[index] })),
      { name: 'manifest.json', mode: 0o644, text: JSON.stringify(manifest) },
    ]);
    await rename(temporary, path);
    return { id: `sha256:${id}` };
  } finally {
    for (const file of [...layers, temporary]) await rm(file, { force: true });
  }
}

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly source?: string | undefined;
  readonly text?: string | undefined;
  /** Without any of the three: a folder. */
  readonly link?: string | undefined;
}

/** Files by path, each after the folders that it is in. */
function entriesOf(files: readonly ImageFile[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const { path, source, text, link, mode } of files) {
    const name = posix.normalize(path).replace(/^\/+|\/+$/g, '');
    if (!posix.isAbsolute(path) || name === '' || name.startsWith('..')) {
      throw new Error(`Cannot put ${path} into an image: it is no absolute path of a file.`);
    }
    if (entries.has(name)) {
      throw new Error(`Cannot put ${path} into an image: it is there already.`);
    }
    const usual = text === undefined ? 0o755 : 0o644;
    entries.set(name, { name, mode: mode ?? usual, source, text, link });
  }
  for (const name of [...entries.keys()]) {
    for (let parent = posix.dirname(name); parent !== '.'; parent = posix.dirname(parent)) {
      if (!entries.has(parent)) {
        entries.set(parent, { name: parent, mode: 0o755 });
      }
    }
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function configurationOf(options: ImageOptions, layers: readonly string[]): unknown {
  const {
    entrypoint,
    user = '',
    env = {},
    workingDirectory = '/',
    architecture = goArchitecture(),
  } = options;
  return {
    architecture,
    os: 'linux',
    created: EPOCH.toISOString(),
    config: {
      Entrypoint: entrypoint,
      Env: Object.entries({ PATH, ...env }).map(([key, value]) => `${key}=${value}`),
      User: user,
      WorkingDir: workingDirectory,
    },
    rootfs: { type: 'layers', diff_ids: layers.map((digest) => `sha256:${digest}`) },
    history: layers.map(() => ({ created: EPOCH.toISOString(), created_by: 'prow-deploy' })),
  };
}

function goArchitecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}

async function writeLayer(path: string, entries: readonly Entry[]): Promise<string> {
  await writeTar(path, entries);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function writeTar(path: string, entries: readonly Entry[]): Promise<void> {
  const { pack: createPack } = await import('tar-stream');
  const pack = createPack();
  const written = pipeline(pack as unknown as Readable, createWriteStream(path, { mode: 0o600 }));
  written.catch(() => undefined);
  try {
    for (const entry of entries) {
      await addEntry(pack, entry);
    }
    pack.finalize();
  } catch (error) {
    pack.destroy(error as Error);
    throw error;
  }
  await written;
}

async function addEntry(pack: Pack, { name, mode, source, text, link }: Entry): Promise<void> {
  const header = { name, mode, mtime: EPOCH, uid: 0, gid: 0 };
  if (source !== undefined) {
    const { size } = await stat(source);
    await pipeline(createReadStream(source), pack.entry({ ...header, size }));
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error | null) => {
      if (error) reject(error);
      else resolve();
    };
    if (link !== undefined) pack.entry({ ...header, type: 'symlink', linkname: link }, done);
    else if (text === undefined) pack.entry({ ...header, type: 'directory' }, done);
    else pack.entry(header, text, done);
  });
}
