import { type Environment, writeOutput } from '@prow-deploy/environment';
import { diffManifest, type DiffManifestOptions, type ManifestDiff } from '../diff-manifest.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';
import { readEnvironmentObjects } from './read-environment-objects.ts';

/**
 * Finds out what an apply of what kustomize-build left would change in the environment's cluster, and writes it to `dist`.
 *
 * @throws {NotBuiltError} {ManifestError} {SecretsError} {ClusterError} {ApiError} {InventoryError} see {@link diffManifest}.
 */
export async function diffEnvironment(
  environment: Environment,
  options: Pick<DiffManifestOptions, 'takeOver' | 'pruneData' | 'confirmPrune' | 'signal'> = {},
): Promise<ManifestDiff> {
  const { name, namespaces } = environment;
  const given = await readEnvironmentObjects(environment);
  const place = { environment: name, inventoryNamespace: namespaces.prow };
  const where = { ...clusterOptionsOf(environment, options), access: 'read' } as const;
  const diff = await withCluster(where, (cluster) =>
    diffManifest({ ...options, ...given, ...place, cluster }),
  );
  await writeOutput(environment, 'diff', diff);
  return diff;
}
