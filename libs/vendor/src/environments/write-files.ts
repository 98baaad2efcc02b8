import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes files, each whole or not at all; none is put in place before all are written. */
export async function writeFiles(files: ReadonlyMap<string, string>): Promise<void> {
  const fresh = (path: string): string => `${path}.${process.pid}.tmp`;
  try {
    for (const [path, text] of files) await writeFile(fresh(path), text);
    for (const path of files.keys()) await rename(fresh(path), path);
  } finally {
    for (const path of files.keys()) await rm(fresh(path), { force: true });
  }
}
