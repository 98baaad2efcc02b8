import {
  InventoryError,
  type KubernetesObject,
  type Marks,
  readInventory,
  readMarks,
  readObjects,
  type RecordValues,
  referenceKey,
  resolve,
  type ResolvedObject,
  describe,
  identify,
  type StoredRecord,
  writeRecord,
} from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import { checkActive } from './checks/check-active.ts';
import { checkDrift } from './checks/check-drift.ts';
import { checkEndpoints } from './checks/check-endpoints.ts';
import { checkSettled } from './checks/check-settled.ts';
import { maskSecrets } from './mask-secrets.ts';
import { runOwnChecks } from './own-checks.ts';
import { runSmokeChecks } from './smoke/run-smoke-checks.ts';
import { SMOKE_CHECKS } from './smoke/smoke-checks.ts';
import type { Check, Findings, VerifyReport } from './verify-report.ts';

/** Options of {@link verify}. */
export interface VerifyOptions {
  readonly cluster: Cluster;
  /** Name of the environment. Default: that of the cluster. */
  readonly environment?: string;
  /** Namespace of the inventory: the environment's Prow namespace. */
  readonly inventoryNamespace: string;
  /** The whole manifest as it was applied, with the bytes of its secrets. */
  readonly objects: readonly KubernetesObject[];
  /** Where the jobs' pods run. Default: the namespace of the inventory. */
  readonly jobsNamespace?: string | undefined;
  /** Why workloads cannot run in this cluster, by reference key: that they do not is no failure. Default: all can. */
  readonly cannotRun?: ReadonlyMap<string, string> | undefined;
  /** How long each smoke check may take at most, in milliseconds. Default: what each says itself. */
  readonly smokeTimeoutMs?: number | undefined;
  /** Folders with checks of the user's own, see {@link runOwnChecks}. Default: none. */
  readonly ownChecks?: readonly string[] | undefined;
  /** What the cluster is to remember when every check passes. Default: nothing. */
  readonly record?: RecordValues;
  /** How long what is not settled may take, in milliseconds. Default: 1 minute. */
  readonly timeoutMs?: number;
  /** Receives what is being checked, and what is waited for. Default: nobody. */
  readonly onProgress?: (line: string) => void;
  /** Ends the work between two requests. Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks that what was applied is in the cluster, as it was applied, and works as far as that can be told. Changes
 * nothing but its own record. A check that fails is a value of the report.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 * @throws {InventoryError} `absent` when nothing was applied, `foreign` when another environment was.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const { cluster, objects, timeoutMs = 60_000, onProgress, signal } = options;
  const { cannotRun = new Map<string, string>() } = options;
  const { environment = cluster.environment } = options;
  const start = Date.now();
  const findings: Findings[] = [];
  const report = (outcome: VerifyReport['outcome'], record?: StoredRecord): VerifyReport => ({
    outcome,
    environment,
    at: new Date(start).toISOString(),
    passed: findings.flatMap(({ passed }) => passed),
    failed: findings.flatMap(({ failed }) => failed),
    notPossible: findings.flatMap(({ notPossible = [] }) => notPossible),
    ...(record === undefined ? {} : { record }),
    durationMs: Date.now() - start,
  });

  try {
    // Before the checks: what is changed while they run must not count as checked.
    const marks = await readAppliedMarks({ ...options, environment });
    const { resolved } = resolve(objects, await cluster.resources());
    const entries = resolved
      .map(({ entry }) => entry)
      .filter((entry) => !cannotRun.has(referenceKey(entry)));
    const running = withoutPods(objects, cannotRun);

    onProgress?.(`checking that ${objects.length} objects have settled`);
    findings.push(await checkSettled({ cluster, entries, timeoutMs, signal, onProgress }));
    signal?.throwIfAborted();
    onProgress?.('checking endpoints');
    findings.push(
      await checkEndpoints({ cluster, objects: running, timeoutMs: timeoutMs / 2, signal }),
    );
    onProgress?.('checking that nothing was stopped');
    findings.push(await checkActive({ cluster, resolved, signal }));
    onProgress?.('comparing with the manifest');
    const { inventoryNamespace } = options;
    findings.push(await checkDrift({ cluster, environment, inventoryNamespace, objects, signal }));

    const mask = maskSecrets(objects);
    const ends = signal ?? new AbortController().signal;
    const prow = inventoryNamespace;
    const { jobsNamespace: jobs = prow, ownChecks = [] } = options;
    const troubles = await readTroubles({ cluster, resolved, findings, signal });
    findings.push(
      await runSmokeChecks({
        cluster,
        objects,
        prow,
        jobs,
        mask,
        signal: ends,
        checks: SMOKE_CHECKS,
        timeoutMs: options.smokeTimeoutMs,
        cannotRun,
        troubles,
        onProgress,
      }),
    );
    if (ownChecks.length > 0) {
      onProgress?.(`running the checks in ${ownChecks.join(', ')}`);
      const directories = ownChecks;
      findings.push(await runOwnChecks({ directories, cluster, prow, jobs, mask, signal: ends }));
    }

    if (findings.some(({ failed }) => failed.length > 0)) return report('failed');
    const { record: values } = options;
    if (values === undefined) return report('passed');
    const place = { cluster, inventoryNamespace, environment, signal };
    return report('passed', await writeRecord({ ...place, kind: 'verify', values, marks }));
  } catch (error) {
    if (signal?.aborted === true) return report('aborted');
    throw error;
  }
}

/** The objects, of which workloads that cannot run are asked to have no pods: nobody has to answer for them. Pure. */
function withoutPods(
  objects: readonly KubernetesObject[],
  cannotRun: ReadonlyMap<string, string>,
): readonly KubernetesObject[] {
  return objects.map((object) =>
    cannotRun.has(referenceKey(identify(object)))
      ? { ...object, spec: { ...(object['spec'] as object), replicas: 0 } }
      : object,
  );
}

/** What is known to be wrong with Deployments: why they have not settled, or that somebody has stopped them. */
async function readTroubles({
  cluster,
  resolved,
  findings,
  signal,
}: {
  readonly cluster: Cluster;
  readonly resolved: readonly ResolvedObject[];
  readonly findings: readonly Findings[];
  readonly signal: AbortSignal | undefined;
}): Promise<ReadonlyMap<string, string>> {
  const failed = findings.flatMap((found): readonly Check[] => found.failed);
  const troubles = new Map(
    failed.flatMap(({ check, object, reason = '' }): [string, string][] =>
      check === 'settled' ? [[object, reason]] : [],
    ),
  );
  const deployments = resolved.filter(({ kind }) => kind === 'Deployment');
  const entries = deployments.map(({ entry }) => entry);
  const live = await readObjects({ cluster, entries, signal });
  for (const { entry, object } of deployments) {
    const wanted = replicasOf(object);
    const found = live.get(referenceKey(entry));
    if (wanted > 0 && found !== undefined && replicasOf(found) === 0) {
      troubles.set(describe(entry), `it is scaled to 0, and the manifest asks for ${wanted}`);
    }
  }
  return troubles;
}

function replicasOf(object: KubernetesObject): number {
  return (object['spec'] as { readonly replicas?: number } | undefined)?.replicas ?? 1;
}

async function readAppliedMarks(
  options: VerifyOptions & { readonly environment: string },
): Promise<Marks> {
  const { cluster, environment, inventoryNamespace, signal } = options;
  const stored = await readInventory(options);
  if (stored === undefined) {
    throw new InventoryError(
      'absent',
      `Cannot verify ${environment}: there is no inventory in namespace ${inventoryNamespace}. Apply first.`,
    );
  }
  const { inventory } = stored;
  if (inventory.environment !== environment) {
    throw new InventoryError(
      'foreign',
      `Cannot verify ${environment}: the inventory in namespace ${inventoryNamespace} is that of ${inventory.environment}. Name the environment that is meant.`,
    );
  }
  return readMarks(cluster, inventory, { signal });
}
