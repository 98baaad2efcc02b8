import { rm } from 'node:fs/promises';
import { type Cluster, clusterUp, kubectlCommand } from '@prow-deploy/cluster';
import {
  type Environment,
  isLocalCluster,
  outputFile,
  writeOutput,
} from '@prow-deploy/environment';
import { type ApplyOptions, apply } from '../apply.ts';
import { APPLY_ACTIONS, type ApplyResult } from '../apply-result.ts';
import { countActions, describeCounts } from '../count-actions.ts';
import { readEarlierManifest } from '../history/read-earlier-manifest.ts';
import { gitCommit } from '../guard/git-commit.ts';
import { requireAudit } from '../guard/require-audit.ts';
import { requireCommitted } from '../guard/require-committed.ts';
import { PLAN_ACTIONS } from '../plan/planned-object.ts';
import type { PlanReport } from '../plan/plan.ts';
import { confirmEnvironment, requireConfirmable } from './confirm.ts';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';
import { provideImages } from './provide-images.ts';
import { type EnvironmentObjects, readEnvironmentObjects } from './read-environment-objects.ts';

export interface ApplyEnvironmentOptions extends Pick<
  ApplyOptions,
  'onProgress' | 'signal' | 'settleTimeoutMs' | 'takeOver' | 'pruneData' | 'confirmPrune'
> {
  /** What the cluster is to remember the work under: Nx's hash of the task. Default: none. */
  readonly hash?: string;
  /** Name of the environment, as whoever changes a protected one must give it. Default: not given. */
  readonly confirm?: string | undefined;
  /** Number of an earlier apply whose manifest is applied again. Default: what kustomize-build left. */
  readonly to?: number | undefined;
  /** Lets a protected environment be applied from files that are not committed. Default: `false`. */
  readonly allowUncommitted?: boolean | undefined;
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
 * @throws {UnconfirmedError} {GuardError} {NotBuiltError} {HistoryError} {ManifestError} {SecretsError} {ClusterError} {ToolchainError}
 *   before anything was sent.
 */
export async function applyEnvironment(
  environment: Environment,
  options: ApplyEnvironmentOptions = {},
): Promise<AppliedEnvironment> {
  const { hash = '', confirm, to, allowUncommitted, ...rest } = options;
  requireConfirmable(environment, confirm, 'apply');
  const built = to === undefined ? await readEnvironmentObjects(environment) : undefined;
  if (built !== undefined) {
    await requireAudit(environment, built.manifestDigest);
    await requireCommitted(environment, { allowUncommitted });
  }
  await rm(outputFile(environment, 'applyReceipt'), { force: true });
  const clusterOptions = clusterOptionsOf(environment, rest);
  if (isLocalCluster(environment.cluster)) await clusterUp(clusterOptions);
  return withCluster(clusterOptions, async (cluster) => {
    const { objects, manifest, ...digests } =
      built ?? (await readEarlier(environment, cluster, to ?? 0, rest.signal));
    const result = await apply({
      ...rest,
      cluster,
      inventoryNamespace: environment.namespaces.prow,
      objects,
      manifest,
      goingBack: to !== undefined,
      origin: async () => ({
        ...(await gitCommit(environment.workspaceRoot)),
        ...(to === undefined ? {} : { from: to }),
      }),
      record: { hash, ...digests },
      prepare: (resolved) =>
        provideImages(
          environment,
          resolved.map(({ object }) => object),
          rest,
        ),
      beforeWrite: (plan) =>
        confirmEnvironment({
          environment,
          target: 'apply',
          confirm,
          cluster,
          summary: summaryOf(plan),
          signal: rest.signal,
        }),
    });
    if (result.outcome === 'applied') {
      await writeOutput(environment, 'applyReceipt', {
        environment: environment.name,
        cluster: await cluster.identity(),
        manifestDigest: digests.manifestDigest,
        fingerprint: result.record.fingerprint,
        at: result.record.at,
        objects: countActions(APPLY_ACTIONS, result.objects),
      });
    }
    return { result, kubectl: await kubectlCommand(cluster) };
  });
}

function summaryOf({ objects }: PlanReport): string {
  return describeCounts(countActions(PLAN_ACTIONS, objects));
}

async function readEarlier(
  environment: Environment,
  cluster: Cluster,
  id: number,
  signal: AbortSignal | undefined,
): Promise<EnvironmentObjects> {
  const inventoryNamespace = environment.namespaces.prow;
  const { name, configuration } = environment;
  const { record, manifest } = await readEarlierManifest({
    ...{ cluster, inventoryNamespace, signal },
    ...{ environment: name, configuration, id },
  });
  const { manifestDigest } = record;
  return readEnvironmentObjects(environment, { manifest, manifestDigest });
}
