import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

export interface OverlayOptions {
  /** Absolute path of the folder to see through the overlay. */
  readonly directory: string;
  /** A folder above it; all that lies between stays reachable by the same relative paths. */
  readonly root: string;
  /** Path relative to `directory` → text. */
  readonly overlay: ReadonlyMap<string, string>;
  /** Folders below `directory` that are left out. */
  readonly without: readonly string[];
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
 * Makes a private temporary copy of `directory` in which some files hold another text. Its neighbours on every level up
 * to `root` are links to the real ones, so `../../base` leads where it led before. Files are copied, not linked:
 * kustomize refuses files that resolve to a place outside the kustomization's folder.
 */
export async function overlayDirectory(options: OverlayOptions): Promise<StagedDirectory> {
  const { directory, root, overlay, without } = options;
  const copy = await realpath(await mkdtemp(join(tmpdir(), 'prow-deploy-')));
  const remove = (): Promise<void> => rm(copy, { recursive: true, force: true });
  try {
    const steps = relative(root, directory)
      .split(sep)
      .filter((step) => step !== '');
    await Promise.all(
      steps.map((step, depth) => linkSiblings(root, copy, steps.slice(0, depth), step)),
    );
    const staged = join(copy, ...steps);
    await cp(directory, staged, {
      recursive: true,
      filter: (source) => !without.includes(relative(directory, source)),
    });
    await Promise.all(
      [...overlay].map(async ([path, text]) => {
        await mkdir(dirname(join(staged, path)), { recursive: true });
        await writeFile(join(staged, path), text);
      }),
    );
    return { root: copy, directory: staged, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

// Links everything beside `except` in one level of the tree.
async function linkSiblings(
  root: string,
  copy: string,
  level: readonly string[],
  except: string,
): Promise<void> {
  const from = join(root, ...level);
  const to = join(copy, ...level);
  await mkdir(to, { recursive: true });
  const names = await readdir(from);
  await Promise.all(
    names
      .filter((name) => name !== except)
      .map((name) => symlink(join(from, name), join(to, name))),
  );
}
