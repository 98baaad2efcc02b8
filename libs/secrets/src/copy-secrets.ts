import { link, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { SecretsError } from './errors.ts';
import { readFiles } from './folder-files.ts';
import { learnSecrets } from './mask/learn-secrets.ts';
import { readSource } from './read-source.ts';
import { SECRETS_FOLDER, secretFiles, secretsDirectory } from './secret-files.ts';
import { openSource } from './sources/open-source.ts';
import type { SourceOptions } from './sources/source.ts';
import { secretsState } from './state.ts';

export interface CopySecretsResult {
  /** Paths below `secrets/` that were written. */
  readonly written: readonly string[];
  /** Paths below `secrets/` that already held the right bytes. */
  readonly unchanged: readonly string[];
  /** Paths below `secrets/` that nothing reads, and are there no more. */
  readonly removed: readonly string[];
  /** Where the values came from, for people. */
  readonly source: string;
  /** What a person should know, though all is well: one sentence each. */
  readonly warnings: readonly string[];
  /** See {@link secretsState}, after the copy. */
  readonly state: string;
}

/**
 * Brings the environment's secret files to `environments/<name>/secrets`, mode 0600 in folders of mode 0700, from the
 * source that environment.yaml declares. All values are checked before anything is written, and the folder is replaced as
 * a whole: it holds the old values or the new ones, and nothing else.
 *
 * @throws {SecretsError} `missing-source` that names every file to provide, `unsafe-source`.
 */
export async function copySecrets(
  environment: Environment,
  options: SourceOptions = {},
): Promise<CopySecretsResult> {
  const directory = secretsDirectory(environment);
  const [files, source] = await Promise.all([
    secretFiles(environment),
    openSource(environment, options),
    learnSecrets(environment.workspaceRoot, environment.name),
  ]);
  const { values, problems } = await readSource(environment, { source, files });
  if (problems.length > 0) {
    const isThere =
      source.folder === undefined || (await stat(source.folder).catch(() => undefined));
    throw new SecretsError(
      'missing-source',
      `Cannot copy the secrets of ${environment.name} from ${source.description}: ` +
        (isThere
          ? `${problems.length === 1 ? 'one file is' : `${problems.length} files are`} not as they have to be. Correct:\n  ${problems.join('\n  ')}`
          : `it is not there. ${source.beginning}`),
    );
  }
  options.signal?.throwIfAborted();
  const present = await readFiles(directory);
  const same = (path: string): boolean =>
    present.get(path)?.bytes.equals(values.get(path) ?? Buffer.alloc(0)) ?? false;
  const paths = [...values.keys()];
  const unchanged = paths.filter(same);
  const removed = [...present.keys()].filter((path) => !values.has(path));
  const written = paths.filter((path) => !same(path));
  if (written.length + removed.length > 0 || !(await isPrivate(directory))) {
    await replaceFolder(directory, values, unchanged);
  }
  const [warnings, state] = await Promise.all([
    source.warnings?.() ?? [],
    secretsState(environment),
  ]);
  return { written, unchanged, removed, source: source.description, warnings, state };
}

/** Whether a name in an environment's folder is that of its secrets, or of a copy that is being made of them. */
export function isSecretsFolder(name: string): boolean {
  return name === SECRETS_FOLDER || name.startsWith(`.${SECRETS_FOLDER}-`);
}

// Whether nobody else can read what is there, and there is nothing but files and folders.
async function isPrivate(directory: string): Promise<boolean> {
  const root = await stat(directory).catch(() => undefined);
  if (!root || (root.mode & 0o777) !== 0o700) return false;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const modes = entries.map(async (entry) => {
    if (!entry.isFile() && !entry.isDirectory()) return false;
    const { mode } = await stat(join(entry.parentPath, entry.name));
    return (mode & 0o777) === (entry.isDirectory() ? 0o700 : 0o600);
  });
  return (await Promise.all(modes)).every(Boolean);
}

// Files that stay are linked, not copied: they keep the time of their last change.
async function replaceFolder(
  directory: string,
  values: ReadonlyMap<string, Buffer>,
  unchanged: readonly string[],
): Promise<void> {
  const parent = dirname(directory);
  await removeLeftOvers(parent);
  const fresh = await mkdtemp(join(parent, `.${basename(directory)}-`));
  const old = `${fresh}-old`;
  try {
    for (const [path, bytes] of values) {
      const file = join(fresh, path);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const kept = unchanged.includes(path) && (await keep(join(directory, path), file));
      if (!kept) await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
    }
    await rename(directory, old).catch(ignoreAbsent);
    try {
      await rename(fresh, directory);
    } catch (error) {
      await rename(old, directory).catch(ignoreAbsent);
      throw error;
    }
  } finally {
    await Promise.all([fresh, old].map((path) => rm(path, { recursive: true, force: true })));
  }
}

async function keep(present: string, file: string): Promise<boolean> {
  const { mode } = await stat(present);
  if ((mode & 0o777) !== 0o600) return false;
  return link(present, file).then(
    () => true,
    () => false,
  );
}

// What a run that was killed left behind.
async function removeLeftOvers(parent: string): Promise<void> {
  const names = await readdir(parent);
  await Promise.all(
    names
      .filter((name) => name !== SECRETS_FOLDER && isSecretsFolder(name))
      .map((name) => rm(join(parent, name), { recursive: true, force: true })),
  );
}

function ignoreAbsent(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
