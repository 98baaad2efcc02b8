import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FetchedFolder } from '../git/fetch-folder.ts';
import { type TreeFile, objectFormatOf, treeHash } from '../git/git-hash.ts';
import { readFolder } from '../git/read-folder.ts';
import { VendorError } from '../vendor-error.ts';
import { MANIFESTS_FOLDER, SOURCE_FILE, type Source, formatSource } from './source.ts';

/** Folders that a killed run left begin so; they are in no graph and in no build. */
export const UNFINISHED = '.sync-';

export interface CopyContent {
  readonly fetched: FetchedFolder;
  readonly source: Source;
  /** Text of the copy's kustomization.yaml. */
  readonly kustomization: string;
}

/**
 * Writes a copy: beside its place first, where the bytes on the disk are read back and hashed, and then into its place by
 * one rename. Whatever fails, the place is as it was.
 *
 * @returns whether it was written: false where a copy was there already.
 * @throws {VendorError} `no-space`, or `not-exact` where what was written is not what was fetched.
 */
export async function writeCopy(directory: string, content: CopyContent): Promise<boolean> {
  const { fetched, source, kustomization } = content;
  const parent = dirname(directory);
  let fresh: string | undefined;
  try {
    fresh = await mkdtemp(join(parent, UNFINISHED));
    await chmod(fresh, 0o755);
    await writeManifests(join(fresh, MANIFESTS_FOLDER), fetched);
    await writeFile(join(fresh, SOURCE_FILE), formatSource(source));
    await writeFile(join(fresh, 'kustomization.yaml'), kustomization);
    await rename(fresh, directory);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another run was first; what it wrote has been read back as well.
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw code !== undefined && NO_SPACE.has(code) ? noSpace(parent, error) : error;
  } finally {
    if (fresh !== undefined) await rm(fresh, { recursive: true, force: true });
  }
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function noSpace(parent: string, cause: unknown): VendorError {
  return new VendorError(
    'no-space',
    `Cannot write the copy: there is no room in ${parent}. Make room, then try again; nothing was left behind.`,
    { cause },
  );
}

async function writeManifests(directory: string, { files, tree }: FetchedFolder): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(directory, path))));
  await mkdir(directory, { recursive: true });
  for (const folder of folders) await mkdir(folder, { recursive: true });
  // `wx`, and links last: nothing is ever written through a link or over another file.
  for (const { path, mode, content } of files.filter((file) => file.mode !== '120000')) {
    const permissions = mode === '100755' ? 0o755 : 0o644;
    await writeFile(join(directory, path), content, { flag: 'wx', mode: permissions }).catch(clash);
    await chmod(join(directory, path), permissions);
  }
  for (const { path, content } of files.filter((file) => file.mode === '120000')) {
    await symlink(content, join(directory, path)).catch(clash);
  }
  const format = objectFormatOf(tree);
  const written = await readFolder(directory, format);
  const hash = treeHash(written, format);
  if (hash !== tree) {
    throw new VendorError(
      'not-exact',
      `Cannot copy: what was written has the hash ${hash}, and git's is ${tree}. ${firstDifference(files, written)}`,
    );
  }
}

// On file systems that take two names for one (upper and lower case, ways to write an accent).
function clash(error: unknown): never {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  const { path = '' } = error as NodeJS.ErrnoException;
  throw new VendorError(
    'unsupported',
    `Cannot copy ${path}: this file system takes its name for that of another file. Copy on one that tells them apart.`,
    { cause: error },
  );
}

function firstDifference(wanted: readonly TreeFile[], written: readonly TreeFile[]): string {
  const found = new Map(written.map((file) => [file.path, file]));
  const other = wanted.find(({ path, mode, hash }) => {
    const file = found.get(path);
    return file?.hash !== hash || file.mode !== mode;
  });
  return other === undefined
    ? 'The folder of the commit holds something that is no file.'
    : `The first difference is ${other.path}.`;
}
