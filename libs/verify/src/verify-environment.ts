import {
  clusterOptionsOf,
  provideImages,
  readEnvironmentObjects,
  withCluster,
} from '@prow-deploy/apply';
import { type Environment, writeOutput } from '@prow-deploy/environment';
import { junitReport } from './junit-report.ts';
import { verify, type VerifyOptions } from './verify.ts';
import type { VerifyReport } from './verify-report.ts';

export interface VerifyEnvironmentOptions extends Pick<
  VerifyOptions,
  'onProgress' | 'signal' | 'ownChecks'
> {
  /** What the cluster is to remember the work under: Nx's hash of the task. Default: none. */
  readonly hash?: string;
}

/**
 * Checks an environment in its cluster against what kustomize-build left, and writes the report to `dist`, whatever it
 * says.
 *
 * @throws {NotBuiltError} {SecretsError} {ClusterError} {ApiError} {InventoryError} see {@link verify}.
 */
export async function verifyEnvironment(
  environment: Environment,
  options: VerifyEnvironmentOptions = {},
): Promise<VerifyReport> {
  const { hash = '', ...rest } = options;
  const {
    objects: read,
    manifestDigest,
    secretsDigest,
  } = await readEnvironmentObjects(environment);
  const objects = await read();
  const cannotRun = await provideImages(environment, objects, rest);
  const report = await withCluster(clusterOptionsOf(environment, rest), (cluster) =>
    verify({
      ...rest,
      cluster,
      inventoryNamespace: environment.namespaces.prow,
      jobsNamespace: environment.namespaces.jobs,
      cannotRun,
      objects,
      record: { hash, manifestDigest, secretsDigest },
    }),
  );
  await writeOutput(environment, 'verification', report);
  await writeOutput(environment, 'junit', await junitReport(report));
  return report;
}
