import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with some files, for one test. */
export interface TemporaryTree {
  readonly root: string;
  /** Writes files: path relative to the root → text. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

export async function temporaryTree(
  files: Readonly<Record<string, string>> = {},
): Promise<TemporaryTree> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'audit-test-')));
  const tree: TemporaryTree = {
    root,
    write: async (more) => {
      for (const [path, text] of Object.entries(more)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  await tree.write(files);
  return tree;
}
