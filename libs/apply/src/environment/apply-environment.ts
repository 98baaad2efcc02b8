import { rm } from 'node:fs/promises';
import { clusterUp, kubectlCommand } from '@prow-deploy/cluster';
import {
  type Environment,
  isLocalCluster,
  outputFile,
  writeOutput,
} from '@prow-deploy/environment';
import { type ApplyOptions, apply } from '../apply.ts';
import type { ApplyResult } from '../apply-result.ts';
import { countActions } from '../format-apply-result.ts';
import { requireConfirmation } from './confirm.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';
import { readEnvironmentObjects } from './read-environment-objects.ts';

export interface ApplyEnvironmentOptions extends Pick<
  ApplyOptions,
  'onProgress' | 'signal' | 'settleTimeoutMs' | 'takeOver'
> {
  /** What the cluster is to remember the work under: Nx's hash of the task. Default: none. */
  readonly hash?: string;
  /** Name of the environment, as whoever changes a protected one must give it. Default: not given. */
  readonly confirm?: string | undefined;
}

export interface AppliedEnvironment {
  readonly result: ApplyResult;
  /** How a person starts kubectl for this cluster. */
  readonly kubectl: string;
}

/**
 * Applies what kustomize-build left of an environment, with the bytes of its secrets, to its cluster. A local cluster is
 * started where it is not running. All that can be wrong with manifest and secrets is found before anything is sent.
 * A receipt is left in `dist` when, and only when, all was applied and has settled.
 *
 * @throws {UnconfirmedError} {NotBuiltError} {ManifestError} {SecretsError} {ClusterError} {ToolchainError} before anything was sent.
 */
export async function applyEnvironment(
  environment: Environment,
  options: ApplyEnvironmentOptions = {},
): Promise<AppliedEnvironment> {
  const { hash = '', confirm, ...rest } = options;
  requireConfirmation(environment, confirm, 'apply');
  const { objects, ...digests } = await readEnvironmentObjects(environment);
  await rm(outputFile(environment, 'applyReceipt'), { force: true });
  const clusterOptions = clusterOptionsOf(environment, rest);
  if (isLocalCluster(environment.cluster)) await clusterUp(clusterOptions);
  return withCluster(clusterOptions, async (cluster) => {
    const result = await apply({
      ...rest,
      cluster,
      inventoryNamespace: environment.namespaces.prow,
      objects,
      record: { hash, ...digests },
    });
    if (result.outcome === 'applied') {
      await writeOutput(environment, 'applyReceipt', {
        environment: environment.name,
        cluster: await cluster.identity(),
        manifestDigest: digests.manifestDigest,
        fingerprint: result.record.fingerprint,
        at: result.record.at,
        objects: countActions(result.objects),
        left: result.left,
      });
    }
    return { result, kubectl: await kubectlCommand(cluster) };
  });
}
