import { join } from 'node:path';
import {
  type Environment,
  type KustomizationTree,
  readKustomizationTree,
} from '@prow-deploy/environment';
import { SecretsError } from './errors.ts';
import { generatedFrom } from './placeholders/generator-inputs.ts';
import { readShape } from './shape/read-shape.ts';
import type { SecretFileShape } from './shape/secret-file-shape.ts';

/** Name of the folder of an environment's secret files. */
export const SECRETS_FOLDER = 'secrets';

/** Folder of an environment's secret files: generated, mode 0700, never in git. */
export function secretsDirectory(environment: Environment): string {
  return join(environment.directory, SECRETS_FOLDER);
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
  const paths = tree.kustomizations.flatMap((kustomization) =>
    generatedFrom(kustomization, root).map(({ path }) => path),
  );
  return [...new Set(paths)].sort().map((path) => {
    const found = shape.get(path);
    if (found) return found;
    throw new SecretsError(
      'unknown-secret-file',
      `Cannot prepare the secrets of ${environment.name}: its kustomization reads secrets/${path}, which kustom-base/secrets-boilerplate/shape.yaml does not describe. Describe it there, or correct the path.`,
    );
  });
}
