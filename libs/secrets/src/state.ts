import { type Environment, readKustomizationTree } from '@prow-deploy/environment';
import { type KeyedDigest, keyedDigest } from './digest.ts';
import { type FolderFile, listFiles, readFiles } from './folder-files.ts';
import { valuesInGit } from './placeholders/values-in-git.ts';
import { secretsDirectory } from './secret-files.ts';
import { leftOvers } from './secrets-folder.ts';
import { openSource } from './sources/open-source.ts';

/**
 * Keyed digest over the environment's secret files, their modes, and the same files of their source: equal states mean
 * that nothing was rotated, edited, added or removed on either side, and that no copy was killed. Which files there have
 * to be is not its business. `theirs` is the source's part, where it is known.
 */
export async function secretsState(environment: Environment, theirs?: string): Promise<string> {
  const directory = secretsDirectory(environment);
  const [digest, paths, beside] = await Promise.all([
    keyedDigest(),
    listFiles(directory),
    leftOvers(environment),
  ]);
  const [own, source] = await Promise.all([
    readFiles(directory, paths),
    theirs ?? sourceState(environment, paths),
  ]);
  const modes = [...own].map(([path, { mode }]) => `${path} ${mode.toString(8)}`);
  return digest([...beside, ...modes, digestFiles(digest, paths, own), source]);
}

/** Keyed digest over the files of the environment's source at these paths, sorted. */
export async function sourceState(
  environment: Environment,
  paths: readonly string[],
): Promise<string> {
  const [digest, { folder }] = await Promise.all([keyedDigest(), openSource(environment)]);
  if (folder === undefined) return environment.secrets.source;
  return digestFiles(digest, paths, await readFiles(folder, paths));
}

/**
 * Keyed digest over all values that apply puts into the environment's Secrets: its own secret files, and what its
 * kustomizations themselves hold.
 */
export async function secretsDigest(environment: Environment): Promise<string> {
  const { directory: root, workspaceRoot } = environment;
  const directory = secretsDirectory(environment);
  const [digest, paths, inGit] = await Promise.all([
    keyedDigest(),
    listFiles(directory),
    valuesInGit(environment, readKustomizationTree(root, workspaceRoot)),
  ]);
  return digest([
    digestFiles(digest, paths, await readFiles(directory, paths)),
    ...inGit.flatMap(({ placeholder, bytes }) => [placeholder, bytes]),
  ]);
}

function digestFiles(
  digest: KeyedDigest,
  paths: readonly string[],
  files: ReadonlyMap<string, FolderFile>,
): string {
  return digest(
    paths.flatMap((path) => {
      const file = files.get(path);
      return file ? ['file', path, file.bytes] : ['absent', path];
    }),
  );
}
