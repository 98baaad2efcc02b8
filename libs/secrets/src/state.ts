import { type Environment, readKustomizationTree } from '@prow-deploy/environment';
import { type KeyedDigest, keyedDigest } from './digest.ts';
import { type FolderFile, listFiles, readFiles } from './folder-files.ts';
import { valuesInGit } from './placeholders/values-in-git.ts';
import { secretsDirectory } from './secret-files.ts';
import { openSource } from './sources/open-source.ts';

/**
 * Keyed digest over the environment's secret files, their modes, and the same files of their source: equal states mean
 * that nothing was rotated, edited, added or removed on either side. Which files there have to be is not its business.
 */
export async function secretsState(environment: Environment): Promise<string> {
  const directory = secretsDirectory(environment);
  const [digest, source, paths] = await Promise.all([
    keyedDigest(),
    openSource(environment),
    listFiles(directory),
  ]);
  const [own, theirs] = await Promise.all([
    readFiles(directory, paths),
    source.folder === undefined ? undefined : readFiles(source.folder, paths),
  ]);
  const modes = [...own].map(([path, { mode }]) => `${path} ${mode.toString(8)}`);
  return digest([
    ...modes,
    digestFiles(digest, paths, own),
    theirs ? digestFiles(digest, paths, theirs) : environment.secrets.source,
  ]);
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
