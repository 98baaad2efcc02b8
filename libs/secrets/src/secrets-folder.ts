import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { SECRETS_FOLDER, secretsDirectory } from './secret-files.ts';
import { SECRETS_LOCK } from './secrets-lock.ts';

// A folder that is being filled is `.secrets-` and six characters; the one whose place it takes is called after it. Both
// are beside it, for a rename within one file system, and .gitignore knows the names.
const BESIDE = `.${SECRETS_FOLDER}-`;
const OLD = '-old';

/** Whether a name in an environment's folder is that of its secrets, or of what stands beside them while they are copied. */
export function isSecretsFolder(name: string): boolean {
  return name === SECRETS_FOLDER || name.startsWith(BESIDE);
}

/** Names in an environment's folder of what a copy that was killed left beside its secrets, sorted. */
export async function leftOvers({ directory }: Environment): Promise<string[]> {
  const names = await readdir(directory);
  return names.filter((name) => name.startsWith(BESIDE) && name !== SECRETS_LOCK).sort();
}

/**
 * Puts right what a copy that was killed left: where it had moved the old values away and not yet put the new ones in
 * their place, the old ones come back; all else that it left goes. Only for whoever holds the lock.
 */
export async function repairFolder(environment: Environment): Promise<void> {
  const names = await leftOvers(environment);
  if (names.length === 0) return;
  const secrets = secretsDirectory(environment);
  const old = names.find((name) => name.endsWith(OLD));
  const isThere = await lstat(secrets).catch(ignoreAbsent);
  if (!isThere && old !== undefined) await rename(join(environment.directory, old), secrets);
  await Promise.all(names.map((name) => remove(join(environment.directory, name))));
}

/** Whether nobody else can read what is in a folder, and there is nothing but files and folders. */
export async function isPrivate(directory: string): Promise<boolean> {
  const root = await lstat(directory).catch(ignoreAbsent);
  if (!root?.isDirectory() || (root.mode & 0o777) !== 0o700) return false;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const modes = entries.map(async (entry) => {
    if (!entry.isFile() && !entry.isDirectory()) return false;
    const { mode } = await stat(join(entry.parentPath, entry.name));
    return (mode & 0o777) === (entry.isDirectory() ? 0o700 : 0o600);
  });
  return (await Promise.all(modes)).every(Boolean);
}

export interface ReplaceFolderOptions {
  /** Path → bytes: all that the folder is to hold. */
  readonly values: ReadonlyMap<string, Buffer>;
  /** Those of the paths that have these bytes already: they keep the time of their last change. */
  readonly unchanged: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Replaces a folder as a whole, mode 0700 and 0600. Node has no exchange of two folders in one step, so that there is a
 * moment without any: whoever is killed in it leaves the old one whole, see {@link repairFolder}.
 */
export async function replaceFolder(
  directory: string,
  { values, unchanged, signal }: ReplaceFolderOptions,
): Promise<void> {
  const fresh = await mkdtemp(join(dirname(directory), BESIDE));
  const old = `${fresh}${OLD}`;
  try {
    for (const [path, bytes] of values) {
      const file = join(fresh, path);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const kept = unchanged.includes(path) && (await keep(join(directory, path), file));
      if (!kept) await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
    }
    signal.throwIfAborted();
    await rename(directory, old).catch(ignoreAbsent);
    try {
      await rename(fresh, directory);
    } catch (error) {
      await rename(old, directory).catch(ignoreAbsent);
      throw error;
    }
  } finally {
    await Promise.all([fresh, old].map(remove));
  }
}

// A link, not a copy.
async function keep(present: string, file: string): Promise<boolean> {
  const info = await lstat(present);
  if (!info.isFile() || (info.mode & 0o777) !== 0o600) return false;
  return link(present, file).then(
    () => true,
    () => false,
  );
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

function ignoreAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
