import {
  InventoryError,
  type KubernetesObject,
  type Marks,
  readInventory,
  readMarks,
  type RecordValues,
  resolve,
  type StoredRecord,
  writeRecord,
} from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import { checkActive } from './checks/check-active.ts';
import { checkDrift } from './checks/check-drift.ts';
import { checkEndpoints } from './checks/check-endpoints.ts';
import { checkSettled } from './checks/check-settled.ts';
import { notPossible } from './checks/not-possible.ts';
import type { Findings, VerifyReport } from './verify-report.ts';

/** Options of {@link verify}. */
export interface VerifyOptions {
  readonly cluster: Cluster;
  /** Name of the environment. Default: that of the cluster. */
  readonly environment?: string;
  /** Namespace of the inventory: the environment's Prow namespace. */
  readonly inventoryNamespace: string;
  /** The whole manifest as it was applied, with the bytes of its secrets. */
  readonly objects: readonly KubernetesObject[];
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
  const { environment = cluster.environment } = options;
  const start = Date.now();
  const findings: Findings[] = [];
  const report = (outcome: VerifyReport['outcome'], record?: StoredRecord): VerifyReport => ({
    outcome,
    environment,
    at: new Date(start).toISOString(),
    passed: findings.flatMap(({ passed }) => passed),
    failed: findings.flatMap(({ failed }) => failed),
    notPossible: [
      ...findings.flatMap(({ notPossible = [] }) => notPossible),
      ...notPossible(objects, cluster.simulated),
    ],
    ...(record === undefined ? {} : { record }),
    durationMs: Date.now() - start,
  });

  try {
    // Before the checks: what is changed while they run must not count as checked.
    const marks = await readAppliedMarks({ ...options, environment });
    const { resolved } = resolve(objects, await cluster.resources(), environment);
    const entries = resolved.map(({ entry }) => entry);

    onProgress?.(`checking that ${objects.length} objects have settled`);
    findings.push(await checkSettled({ cluster, entries, timeoutMs, signal, onProgress }));
    signal?.throwIfAborted();
    onProgress?.('checking endpoints');
    findings.push(await checkEndpoints({ cluster, objects, timeoutMs: timeoutMs / 2, signal }));
    onProgress?.('checking that nothing was stopped');
    findings.push(await checkActive({ cluster, resolved, signal }));
    onProgress?.('comparing with the manifest');
    const { inventoryNamespace } = options;
    findings.push(await checkDrift({ cluster, environment, inventoryNamespace, objects, signal }));

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
