import { rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { listEnvironments, readKustomizationTree } from '@prow-deploy/environment';
import { VendorError } from '../vendor-error.ts';
import { listCopies } from './check-copy.ts';
import { type Upstream } from './upstream.ts';
import { UNFINISHED } from './write-copy.ts';

export interface PruneResult {
  /** Folders that were removed, relative to the workspace root. */
  readonly removed: readonly string[];
  /** Folders that stay, with the environments that use them. */
  readonly kept: readonly { readonly folder: string; readonly usedBy: readonly string[] }[];
}

/**
 * Removes the copies that no environment stands on.
 *
 * @throws {VendorError} `not-vendored` where what an environment stands on cannot be told; nothing is removed then.
 */
export async function prune(upstream: Upstream): Promise<PruneResult> {
  const { workspaceRoot } = upstream;
  const environments = await listEnvironments(workspaceRoot);
  const trees = environments.map((name) => {
    const directory = join(workspaceRoot, 'environments', name);
    const { directories, problems, missing } = readKustomizationTree(directory, workspaceRoot);
    // What is rendered into the environment's own folder stands on nothing, and is not there in a fresh clone.
    const unrendered = new Set(
      [...missing].flatMap(([path, problem]) =>
        isWithin(join(directory, 'configs'), path) ? [problem] : [],
      ),
    );
    const problem = problems.find((each) => !unrendered.has(each));
    if (problem !== undefined) {
      throw new VendorError(
        'not-vendored',
        `Cannot tell which copies are used: ${problem} Nothing was removed.`,
      );
    }
    return { name, directories };
  });
  const copies = (await listCopies(upstream)).map((directory) => ({
    directory,
    folder: relative(workspaceRoot, directory),
    usedBy: trees
      .filter(({ directories }) => directories.some((path) => isWithin(directory, path)))
      .map(({ name }) => name),
  }));
  const unused = copies.filter(({ usedBy }) => usedBy.length === 0);
  for (const { directory } of unused) {
    // Out of sight at once: half a copy would be one that fails its check.
    const aside = join(upstream.directory, `${UNFINISHED}${basename(directory)}`);
    await rm(aside, { recursive: true, force: true });
    await rename(directory, aside);
    await rm(aside, { recursive: true, force: true });
  }
  return {
    removed: unused.map(({ folder }) => folder),
    kept: copies
      .filter(({ usedBy }) => usedBy.length > 0)
      .map(({ folder, usedBy }) => ({ folder, usedBy })),
  };
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
