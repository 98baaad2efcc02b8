import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, isLocalCluster } from '@prow-deploy/environment';
import { secretFiles, secretsDirectory } from './secret-files.ts';
import type { Recipe } from './shape/secret-file-shape.ts';

/**
 * Marks an object that stands in for a service which is reached with a secret; its value is the secret file, such as
 * `oauth-token/oauth`.
 */
export const STANDS_IN_FOR = 'prow-deploy.kubevirt.io/stands-in-for';

interface Annotated {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * The objects that are meant for the environment's cluster: what stands in for a service is left out where the service
 * can be used, because the secret file has a value of somebody's, and in every cluster but those of this machine.
 */
export async function withoutStandIns<T extends object>(
  environment: Environment,
  objects: readonly T[],
): Promise<readonly T[]> {
  const standsInFor = (object: T) => (object as Annotated).metadata?.annotations?.[STANDS_IN_FOR];
  const wanted = new Set(objects.map(standsInFor).filter((path) => path !== undefined));
  if (wanted.size === 0) return objects;
  const missing = isLocalCluster(environment.cluster)
    ? await throwAwayFiles(environment, wanted)
    : new Set<string>();
  return objects.filter((object) => missing.has(standsInFor(object) ?? '') || !standsInFor(object));
}

// Those of the files whose values were made up.
async function throwAwayFiles(
  environment: Environment,
  paths: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const shapes = (await secretFiles(environment)).filter(({ path }) => paths.has(path));
  const found = await Promise.all(
    shapes.map(async ({ path, generate }) => {
      const text = await readFile(join(secretsDirectory(environment), path), 'utf8').catch(
        () => '',
      );
      return isGenerated(generate, text) ? [path] : [];
    }),
  );
  return new Set(found.flat());
}

/** Whether a value is one that the recipe makes, or none. */
export function isGenerated(recipe: Recipe, value: string): boolean {
  const pattern = recipe
    .trim()
    .split(/\$\{(?:(?:hex|base64):\d+|private-key)\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
  return value.trim() === '' || new RegExp(`^${pattern}$`).test(value.trim());
}
