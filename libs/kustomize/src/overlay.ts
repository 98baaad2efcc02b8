import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export interface OverlayOptions {
  /** Absolute path of the folder to see through the overlay. */
  readonly directory: string;
  /** A folder above it; all that lies between stays reachable by the same relative paths. */
  readonly root: string;
  /** Path relative to `root` → text. */
  readonly overlay: ReadonlyMap<string, string>;
  /** Whether what has this name in `directory` is left out. */
  readonly without: (name: string) => boolean;
}

export interface StagedDirectory {
  /** Absolute path of the temporary copy of `root`. */
  readonly root: string;
  /** Absolute path of the temporary copy of `directory`. */
  readonly directory: string;
  /** Removes the copy. */
  remove(): Promise<void>;
}

/**
 * Makes a private temporary copy of `root` in which some files hold another text, and `directory` lacks some. Folders
 * that hold such a file, and `directory`, are copied; all else is a link to the real one, so `../../base` leads where it
 * led before. Not single files: kustomize refuses those that resolve to a place outside the kustomization's folder.
 */
export async function overlayDirectory(options: OverlayOptions): Promise<StagedDirectory> {
  const { directory, root, overlay, without } = options;
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'prow-deploy-')));
  const remove = (): Promise<void> => rm(copy, { recursive: true, force: true });
  try {
    const own = relative(root, directory);
    const copied = [own, ...[...overlay.keys()].map((path) => dirname(path))];
    const leftOut = (path: string): boolean =>
      dirname(join('.', path)) === join('.', own) && without(path.slice(path.lastIndexOf('/') + 1));
    await stage({ from: root, to: copy, path: '', copied: minimal(copied), leftOut });
    await Promise.all(
      [...overlay].map(async ([path, text]) => {
        await mkdir(dirname(join(copy, path)), { recursive: true });
        await writeFile(join(copy, path), text);
      }),
    );
    return { root: copy, directory: join(copy, own), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

// Folders that lie in none of the others.
function minimal(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && isWithin(folder, other)),
  );
}

function isWithin(path: string, folder: string): boolean {
  return folder === '' || folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

interface Stage {
  readonly from: string;
  readonly to: string;
  /** Relative to the root. */
  readonly path: string;
  readonly copied: readonly string[];
  readonly leftOut: (path: string) => boolean;
}

// Copies a folder that is to be copied, links one that has nothing to do with those, and looks into any other.
async function stage({ from, to, path, copied, leftOut }: Stage): Promise<void> {
  if (copied.some((folder) => isWithin(path, folder))) {
    const filter = (source: string): boolean => !leftOut(relative(from, source));
    await cp(join(from, path), join(to, path), { recursive: true, filter });
  } else if (copied.some((folder) => isWithin(folder, path))) {
    await mkdir(join(to, path), { recursive: true });
    const names = await readdir(join(from, path));
    await Promise.all(
      names.map((name) => stage({ from, to, path: join(path, name), copied, leftOut })),
    );
  } else await symlink(join(from, path), join(to, path));
}
