import { stat } from 'node:fs/promises';
import type { Environment } from '@prow-deploy/environment';
import { SecretsError } from './errors.ts';
import { readFiles } from './folder-files.ts';
import { learnSecrets } from './mask/learn-secrets.ts';
import { readSource } from './read-source.ts';
import { secretFiles, secretsDirectory } from './secret-files.ts';
import { isPrivate, repairFolder, replaceFolder } from './secrets-folder.ts';
import { withSecretsLock } from './secrets-lock.ts';
import { openSource } from './sources/open-source.ts';
import type { SourceOptions } from './sources/source.ts';
import { secretsState, sourceState } from './state.ts';

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
 * a whole: it holds the old values or the new ones, and nothing else. One copy at a time; what one that was killed left is
 * put right by the next.
 *
 * @throws {SecretsError} `missing-source` that names every file to provide, `unsafe-source`, `locked`.
 */
export async function copySecrets(
  environment: Environment,
  options: SourceOptions = {},
): Promise<CopySecretsResult> {
  return withSecretsLock(environment, options.signal, async (signal) => {
    await repairFolder(environment);
    return copy(environment, { ...options, signal });
  });
}

async function copy(
  environment: Environment,
  options: SourceOptions & { readonly signal: AbortSignal },
): Promise<CopySecretsResult> {
  const directory = secretsDirectory(environment);
  const [files, source] = await Promise.all([
    secretFiles(environment),
    openSource(environment, options),
    learnSecrets(environment.workspaceRoot, environment.name),
  ]);
  // Before the values are read: what changes at the source from here on is not what was copied.
  const theirs = await sourceState(
    environment,
    files.map(({ path }) => path),
  );
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
  const present = await readFiles(directory);
  const same = (path: string): boolean =>
    present.get(path)?.bytes.equals(values.get(path) ?? Buffer.alloc(0)) ?? false;
  const paths = [...values.keys()];
  const unchanged = paths.filter(same);
  const removed = [...present.keys()].filter((path) => !values.has(path));
  const written = paths.filter((path) => !same(path));
  if (written.length + removed.length > 0 || !(await isPrivate(directory))) {
    await replaceFolder(directory, { values, unchanged, signal: options.signal });
  }
  const [warnings, state] = await Promise.all([
    source.warnings?.() ?? [],
    secretsState(environment, theirs),
  ]);
  return { written, unchanged, removed, source: source.description, warnings, state };
}
