import { join, relative } from 'node:path';
import { type Environment, readKustomizationTree } from '@prow-deploy/environment';
import { SecretsError } from './errors.ts';
import { checkValue } from './forms/check-value.ts';
import { readEnvFile } from './forms/env-file.ts';
import { learnSecrets } from './mask/learn-secrets.ts';
import { placeholder } from './placeholders/placeholder.ts';
import { valuesInGit } from './placeholders/values-in-git.ts';
import { readValueFile } from './read-value-file.ts';
import { secretFiles, secretsDirectory } from './secret-files.ts';
import { secretsDigest } from './state.ts';

/** Secret values of one environment, in memory only: placeholder → bytes. */
export type SecretValues = ReadonlyMap<string, Buffer>;

/**
 * Reads the environment's secret files and checks that each value is there and filled in. Values that the kustomizations
 * themselves hold, as literals or files in git, are among them.
 *
 * @throws {SecretsError} `unusable-value` that names every file to fill; values are never shown.
 */
export async function readSecretValues(environment: Environment): Promise<SecretValues> {
  const { name, workspaceRoot, directory: root } = environment;
  const directory = secretsDirectory(environment);
  const tree = readKustomizationTree(root, workspaceRoot);
  const [files, inGit] = await Promise.all([
    secretFiles(environment, tree),
    valuesInGit(environment, tree),
    learnSecrets(workspaceRoot, name),
  ]);
  const problems: string[] = [];
  const entries = await Promise.all(
    files.map(async (shape): Promise<[string, Buffer][]> => {
      const file = join(directory, shape.path);
      const value = await readValueFile(file, directory);
      const problem = value.state === 'read' ? checkValue(shape, value.bytes)?.says : value.says;
      if (problem !== undefined) problems.push(`${relative(workspaceRoot, file)} ${problem}`);
      if (value.state !== 'read') return [];
      const named = { environment: name, source: shape.path };
      if (shape.format !== 'env') return [[placeholder(named), value.bytes]];
      return readEnvFile(value.bytes.toString('utf8')).entries.map((entry) => [
        placeholder({ ...named, key: entry.key }),
        Buffer.from(entry.value, 'utf8'),
      ]);
    }),
  );
  if (problems.length > 0) {
    throw new SecretsError(
      'unusable-value',
      `Cannot use the secrets of ${name}: ${problems.length} of ${files.length} files are not as they have to be. Run nx run ${name}:copy-secrets, or correct:\n  ${problems.sort().join('\n  ')}`,
    );
  }
  return new Map([
    ...entries.flat(),
    ...inGit.map((value): [string, Buffer] => [value.placeholder, value.bytes]),
  ]);
}

/**
 * Makes sure that no other process replaced the environment's secrets since a digest of them was made: what was read
 * since then belongs together, and to that digest. See `secretsDigest`.
 *
 * @throws {SecretsError} `changed-values`
 */
export async function requireSecretsDigest(
  environment: Environment,
  digest: string,
): Promise<void> {
  if ((await secretsDigest(environment)) === digest) return;
  const { name } = environment;
  throw new SecretsError(
    'changed-values',
    `Cannot use the secrets of ${name}: environments/${name}/secrets was changed while it was read. Run it again.`,
  );
}
