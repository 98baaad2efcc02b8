import type { Environment } from '@prow-deploy/environment';
import { secretsDigest } from '@prow-deploy/secrets';
import { checkRecord, type CheckRecordOptions, type RecordCheck } from '../check-record.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';
import { readRendered } from './read-rendered.ts';

/**
 * Tells whether what kustomize-build left, and the environment's secrets, are in its cluster as the last such work left
 * them. Reads only; starts nothing.
 *
 * @throws {NotBuiltError} {ClusterError} {ApiError} where one of them cannot be read.
 */
export async function checkEnvironment(
  environment: Environment,
  options: Pick<CheckRecordOptions, 'kind' | 'maxAgeMs' | 'signal'> = {},
): Promise<RecordCheck> {
  const [{ manifestDigest }, digest] = await Promise.all([
    readRendered(environment),
    secretsDigest(environment),
  ]);
  const where = { ...clusterOptionsOf(environment, options), access: 'read' } as const;
  return withCluster(where, (cluster) =>
    checkRecord({
      ...options,
      cluster,
      environment: environment.name,
      inventoryNamespace: environment.namespaces.prow,
      manifestDigest,
      secretsDigest: digest,
    }),
  );
}
