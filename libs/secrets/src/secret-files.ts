import { join, relative, resolve, sep } from 'node:path';
import {
  type Environment,
  type Kustomization,
  type KustomizationTree,
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
 * `secretGenerator` entries name below `secrets/`. `tree` spares reading the kustomizations again.
 *
 * @throws {SecretsError} `unknown-secret-file` for a file that the boilerplate does not describe.
 */
export async function secretFiles(
  environment: Environment,
  tree: Pick<KustomizationTree, 'kustomizations'> = readKustomizationTree(
    environment.directory,
    environment.workspaceRoot,
  ),
): Promise<SecretFileShape[]> {
  const shape = await readShape(environment.workspaceRoot);
  const root = secretsDirectory(environment);
  const paths = tree.kustomizations.flatMap((kustomization) => generatedFrom(kustomization, root));
  return [...new Set(paths)].sort().map((path) => {
    const found = shape.get(path);
    if (found) return found;
    throw new SecretsError(
      'unknown-secret-file',
      `Cannot prepare the secrets of ${environment.name}: its kustomization reads secrets/${path}, which kustom-base/secrets-boilerplate/shape.yaml does not describe. Describe it there, or correct the path.`,
    );
  });
}

interface SecretGenerator {
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
  readonly env?: string;
}

/** Paths below the folder `secrets` that one kustomization's `secretGenerator` reads. */
export function generatedFrom({ directory, content }: Kustomization, secrets: string): string[] {
  const generators = content['secretGenerator'] as SecretGenerator[] | null | undefined;
  return (generators ?? [])
    .flatMap(({ files = [], envs = [], env }) => [
      ...files.map((file) => file.slice(file.indexOf('=') + 1)),
      ...envs,
      ...(env === undefined ? [] : [env]),
    ])
    .map((path) => relative(secrets, resolve(directory, path)))
    .filter((path) => !path.startsWith('..' + sep));
}
