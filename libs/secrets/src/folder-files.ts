import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface FolderFile {
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly changedAt: Date;
}

/** Paths of all files and links below a folder, sorted; none where there is no such folder. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The files below a folder that can be read, or those of the given paths: path → file, sorted by path. */
export async function readFiles(
  folder: string,
  paths?: readonly string[],
): Promise<Map<string, FolderFile>> {
  const found = await Promise.all(
    (paths ?? (await listFiles(folder))).map(async (path): Promise<[string, FolderFile][]> => {
      const file = join(folder, path);
      try {
        const [bytes, { mode, mtime }] = await Promise.all([readFile(file), stat(file)]);
        return [[path, { bytes, mode: mode & 0o777, changedAt: mtime }]];
      } catch {
        return [];
      }
    }),
  );
  return new Map(found.flat());
}
