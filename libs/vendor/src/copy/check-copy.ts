import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type FileMode, objectFormatOf } from '../git/git-hash.ts';
import { readFolder } from '../git/read-folder.ts';
import { VendorError } from '../vendor-error.ts';
import { MANIFESTS_FOLDER, SOURCE_FILE, type Source, readSource } from './source.ts';
import { type Upstream } from './upstream.ts';

/** How a file of a copy can differ from what it is a copy of. */
export const DIFFERENCES = ['changed', 'added', 'removed', 'mode-changed'] as const;
export type Difference = (typeof DIFFERENCES)[number];

/** A file that is not as it was copied. */
export interface CopyProblem {
  /** Path relative to the workspace root. */
  readonly file: string;
  readonly difference: Difference;
  /** In words, with what to do. */
  readonly message: string;
}

/** What became of a check of one copy. */
export interface CopyCheck {
  readonly source: Source;
  readonly problems: readonly CopyProblem[];
}

/** Folders of all copies of an upstream: absolute paths, sorted. */
export async function listCopies({ directory }: Pick<Upstream, 'directory'>): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(directory, name))
    .sort();
}

/**
 * Compares a copy with the hashes in its source.yaml: every byte, name and mode below manifests/.
 *
 * @throws {VendorError} `invalid-settings` or `not-exact` where source.yaml itself cannot be trusted.
 */
export async function checkCopy(directory: string, workspaceRoot: string): Promise<CopyCheck> {
  const source = await readSource(directory, workspaceRoot);
  const shown = relative(workspaceRoot, directory);
  const named = source.origin === 'upstream' ? source.commit : source.tree;
  if (named !== basename(directory)) {
    throw new VendorError(
      'not-exact',
      `Cannot use ${shown}: its ${SOURCE_FILE} is of ${named}. A copy's folder is named by its commit; rename it back.`,
    );
  }
  const manifests = join(directory, MANIFESTS_FOLDER);
  const format = objectFormatOf(source.tree);
  const found = new Map(
    existsSync(manifests)
      ? (await readFolder(manifests, format)).map((file) => [file.path, file])
      : [],
  );
  const problem = (path: string, difference: Difference, what: string): CopyProblem => {
    const file = join(shown, MANIFESTS_FOLDER, path);
    return { file, difference, message: `${file} ${what}` };
  };
  const problems = source.files.flatMap(({ path, mode, hash }): CopyProblem[] => {
    const now = found.get(path);
    found.delete(path);
    if (!now) return [problem(path, 'removed', `was removed. ${INSTEAD_OF_REMOVING}`)];
    if (now.hash !== hash) return [problem(path, 'changed', `was changed. ${INSTEAD}`)];
    if (now.mode === mode) return [];
    const what = `is ${KINDS[now.mode]} now, and was ${KINDS[mode]} when it was copied. ${INSTEAD}`;
    return [problem(path, 'mode-changed', what)];
  });
  const added = [...found.keys()].map((path) => problem(path, 'added', `was added. ${INSTEAD}`));
  return { source, problems: [...problems, ...added] };
}

const INSTEAD =
  'This folder is an exact copy: move your change to kustom-base/manifests/local or a patch, and restore what was copied.';
const INSTEAD_OF_REMOVING =
  'This folder is an exact copy: restore it, and take the file out of kustomization.yaml instead.';

const KINDS: Record<FileMode, string> = {
  '100644': 'a plain file',
  '100755': 'executable',
  '120000': 'a symbolic link',
};
