import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { VendorError } from '../vendor-error.ts';
import { type ObjectFormat, type TreeFile, blobHash } from './git-hash.ts';

/**
 * The files below a folder as git would record them, sorted by path: ignore files, attributes and filters are not asked.
 *
 * @throws {VendorError} `unsupported` for what git cannot hold: a device, a socket, a name that is no UTF-8.
 */
export async function readFolder(
  directory: string,
  format: ObjectFormat = 'sha1',
): Promise<TreeFile[]> {
  const files: Promise<TreeFile>[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(join(directory, folder), {
      withFileTypes: true,
      encoding: 'buffer',
    });
    for (const entry of entries) {
      const path = folder === '' ? nameOf(entry.name) : `${folder}/${nameOf(entry.name)}`;
      if (entry.isDirectory()) await visit(path);
      else files.push(readEntry(directory, path, format));
    }
  };
  await visit('');
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readEntry(directory: string, path: string, format: ObjectFormat): Promise<TreeFile> {
  const full = join(directory, path);
  const stats = await lstat(full);
  if (stats.isSymbolicLink()) {
    const target = await readlink(full, { encoding: 'buffer' });
    return { path, mode: '120000', hash: blobHash(target, format) };
  }
  if (!stats.isFile()) {
    throw new VendorError('unsupported', `Cannot read ${full}: it is no file. Remove it.`);
  }
  // git records one bit: whether the owner may run it.
  const mode = (stats.mode & 0o100) === 0 ? '100644' : '100755';
  return { path, mode, hash: blobHash(await readFile(full), format) };
}

/** The text of a name. @throws {VendorError} `unsupported` where it is none. */
export function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const shown = Buffer.from(bytes).toString('latin1');
    throw new VendorError(
      'unsupported',
      `Cannot use the name ${JSON.stringify(shown)}: it is no UTF-8, so source.yaml could not record it.`,
      { cause },
    );
  }
}
