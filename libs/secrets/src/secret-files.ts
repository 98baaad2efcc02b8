import { dirname, relative, resolve, sep } from 'node:path';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Environment,
  findKustomization,
  parseYamlFile,
  readKustomizationTree,
} from '@prow-deploy/environment';
import { SecretsError } from './errors.ts';
import { type SecretFileShape, readShape } from './shape.ts';

/** Folder of an environment's secret files: generated, mode 0700, never in git. */
export function secretsDirectory(environment: Environment): string {
  return join(environment.directory, 'secrets');
}

/**
 * The secret files that the environment's kustomization reads, with their shapes, sorted by path: those that its
 * `secretGenerator` entries name below `secrets/`.
 *
 * @throws {SecretsError} `unknown-secret-file` for a file that the boilerplate does not describe.
 */
export async function secretFiles(environment: Environment): Promise<SecretFileShape[]> {
  const { directory, workspaceRoot, name } = environment;
  const root = secretsDirectory(environment);
  const shape = await readShape(workspaceRoot);
  const tree = readKustomizationTree(directory, workspaceRoot);
  const sources = tree.directories.flatMap((folder) => findKustomization(folder) ?? []);
  const paths = await Promise.all(sources.map((file) => generatedFrom(file, root)));
  return [...new Set(paths.flat())].sort().map((path) => {
    const found = shape.get(path);
    if (found) return found;
    throw new SecretsError(
      'unknown-secret-file',
      `Cannot prepare the secrets of ${name}: its kustomization reads secrets/${path}, which kustom-base/secrets-boilerplate/shape.yaml does not describe. Describe it there, or correct the path.`,
    );
  });
}

interface SecretGenerator {
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
}

// Paths below the secrets folder that one kustomization's secretGenerator reads.
async function generatedFrom(kustomization: string, secrets: string): Promise<string[]> {
  const { documents } = parseYamlFile(await readFile(kustomization, 'utf8'), kustomization);
  const content = documents[0]?.toJS() as
    { secretGenerator?: SecretGenerator[] } | null | undefined;
  return (content?.secretGenerator ?? [])
    .flatMap(({ files = [], envs = [], env }) => [
      ...files.map((file) => file.slice(file.indexOf('=') + 1)),
      ...envs,
      ...(env === undefined ? [] : [env]),
    ])
    .map((path) => relative(secrets, resolve(dirname(kustomization), path)))
    .filter((path) => !path.startsWith('..' + sep));
}
