import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { normalizedName } from './image-name.ts';

/** A container image of one layer. */
export interface ImageOptions {
  /** Where the archive is written; replaced whole or not at all. */
  readonly path: string;
  /** Name of the image as a manifest writes it, such as `us-docker.pkg.dev/k8s-infra-prow/images/deck:v1`. */
  readonly name: string;
  /** What is in it. Folders in between come by themselves. */
  readonly files: readonly ImageFile[];
  /** What is run, before the arguments that a pod adds. */
  readonly entrypoint: readonly string[];
  /** User and group, by number: `65532:65532`. Default: root. */
  readonly user?: string;
  /** Environment variables. Default: a PATH with the usual folders. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `/`. */
  readonly workingDirectory?: string;
  /** In Go's words. Default: that of this machine. */
  readonly architecture?: string;
}

/** A file, or an empty folder, in an image; owned by root. */
export interface ImageFile {
  /** Absolute path in the image. */
  readonly path: string;
  /** Path of the file on this machine; left out for a folder, and where `text` is given. */
  readonly source?: string;
  /** Content of the file. */
  readonly text?: string;
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
  const layer = `${path}.${process.pid}.layer`;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const digest = await writeLayer(layer, entriesOf(options.files));
    const configuration = JSON.stringify(configurationOf(options, digest));
    const id = createHash('sha256').update(configuration).digest('hex');
    const manifest = [
      { Config: `${id}.json`, RepoTags: [reference], Layers: [`${digest}/layer.tar`] },
    ];
    await writeTar(temporary, [
      { name: `${id}.json`, mode: 0o644, text: configuration },
      { name: `${digest}/layer.tar`, mode: 0o644, source: layer },
      { name: 'manifest.json', mode: 0o644, text: JSON.stringify(manifest) },
    ]);
    await rename(temporary, path);
    return { id: `sha256:${id}` };
  } finally {
    await rm(layer, { force: true });
    await rm(temporary, { force: true });
  }
}

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly source?: string | undefined;
  /** Without a source either: a folder. */
  readonly text?: string | undefined;
}

/** Files by path, each after the folders that it is in. */
function entriesOf(files: readonly ImageFile[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const { path, source, text, mode } of files) {
    const name = posix.normalize(path).replace(/^\/+|\/+$/g, '');
    if (!posix.isAbsolute(path) || name === '' || name.startsWith('..')) {
      throw new Error(`Cannot put ${path} into an image: it is no absolute path of a file.`);
    }
    if (entries.has(name)) {
      throw new Error(`Cannot put ${path} into an image: it is there already.`);
    }
    entries.set(name, { name, mode: mode ?? (text === undefined ? 0o755 : 0o644), source, text });
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

function configurationOf(options: ImageOptions, layerDigest: string): unknown {
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
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created: EPOCH.toISOString(), created_by: 'prow-deploy' }],
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

async function addEntry(pack: Pack, { name, mode, source, text }: Entry): Promise<void> {
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
    if (text === undefined) pack.entry({ ...header, type: 'directory' }, done);
    else pack.entry(header, text, done);
  });
}
