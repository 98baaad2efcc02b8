import { readdir } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import type { ImageFile, ImageOptions } from './write-image.ts';

export interface ProgramContentOptions {
  /** Path of a static executable on this machine. */
  readonly executable: string;
  /** Absolute path that it gets in the image. */
  readonly path: string;
  /** Folders of this machine that the program reads, by the names that it looks for. Default: none. */
  readonly data?: Readonly<Record<string, string>>;
  /** Folder in the image that has them. Default: the one that Prow's programs are told of (KO_DATA_PATH). */
  readonly dataPath?: string;
}

/** Where deck looks for its files: what ko, which makes upstream's images, sets. */
const DATA = '/var/run/ko';

/** What an image of one of Prow's programs has in it. */
export async function programContent(
  options: ProgramContentOptions,
): Promise<Pick<ImageOptions, 'files' | 'entrypoint' | 'env'>> {
  const { executable, path, data = {}, dataPath = DATA } = options;
  const folders = Object.entries(data).map(([name, folder]) =>
    filesBelow(folder, posix.join(dataPath, name)),
  );
  const files = (await Promise.all(folders)).flat();
  return {
    files: [
      { path, source: executable },
      // Components that clone repositories end at once where they cannot write to the one; Go's programs use the other.
      { path: '/var/tmp', mode: 0o1777 },
      { path: '/tmp', mode: 0o1777 },
      ...files,
    ],
    entrypoint: [path],
    ...(files.length > 0 && dataPath === DATA && { env: { KO_DATA_PATH: DATA } }),
  };
}

async function filesBelow(folder: string, target: string): Promise<ImageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return [];
    const source = join(entry.parentPath, entry.name);
    const path = posix.join(target, ...relative(folder, source).split(sep));
    return [{ path, source, mode: 0o644 }];
  });
}
