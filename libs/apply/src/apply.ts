import { ApiError, type Cluster, ClusterError } from '@prow-deploy/cluster';
import { alreadyThere, type AlreadyThere } from './already-there.ts';
import type {
  AppliedObjectResult,
  ApplyFailure,
  ApplyReport,
  ApplyResult,
} from './apply-result.ts';
import type { BegunApply } from './begin-apply.ts';
import { errorMessage } from './error-message.ts';
import type { Marks } from './fingerprint.ts';
import type { Origin } from './history/apply-journal.ts';
import type { InventoryEntry } from './inventory.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { few } from './list-lines.ts';
import { ownMark } from './mark.ts';
import { describe, referenceKey } from './object-reference.ts';
import type { PlanReport } from './plan/plan.ts';
import type { ResolvedObject } from './resolve.ts';
import type { ReadPlanOptions } from './plan/read-plan.ts';
import { readMetadata } from './read-metadata.ts';
import { makeRecord, type RecordValues, type StoredRecord, writeRecord } from './record.ts';
import type { Unsettlement } from './settle.ts';

/** Options of {@link apply}. */
export interface ApplyOptions extends Omit<
  ReadPlanOptions,
  'cluster' | 'environment' | 'objects' | 'previewCreations'
> {
  readonly cluster: Cluster;
  /** Name of the environment, under which the inventory is kept. Default: that of the cluster. */
  readonly environment?: string;
  /**
   * The whole manifest, with the bytes of its secrets. A function is called only where the cluster may differ from it:
   * a manifest that is there already need not be read.
   */
  readonly objects: readonly KubernetesObject[] | (() => Promise<readonly KubernetesObject[]>);
  /** What the cluster is to remember when all has succeeded. */
  readonly record: RecordValues;
  /** The text of the manifest, with placeholders where secrets go, kept for going back to it. Default: not kept. */
  readonly manifest?: string | undefined;
  /** Tells where the manifest comes from, for the history; called once something is written. Default: unknown. */
  readonly origin?: (() => Promise<Origin>) | undefined;
  /** How many objects may be pruned where it is over 30 % of the inventory: exactly so many. Default: none. */
  readonly confirmPrune?: number | undefined;
  /** Called with the plan before the first write; what it throws ends the work. Default: nothing is asked. */
  readonly beforeWrite?: ((plan: PlanReport) => Promise<void>) | undefined;
  /**
   * Called with the objects of the manifest before the first of them is sent, to bring what they need. Gives the reasons
   * of the workloads that cannot run in this cluster, by reference key: nobody waits for those. Default: nothing.
   */
  readonly prepare?:
    ((objects: readonly ResolvedObject[]) => Promise<ReadonlyMap<string, string>>) | undefined;
  /** How long the objects may take to settle, in milliseconds; 0 does not wait. Default: 10 minutes. */
  readonly settleTimeoutMs?: number | undefined;
  /** How long to wait for another who is applying, in milliseconds. Default: 10 minutes. */
  readonly claimTimeoutMs?: number | undefined;
  /** Receives one line per step, and what is waited for. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

const SETTLE_TIMEOUT_MS = 600_000;

/**
 * Puts a manifest into a cluster by server-side apply, step by step, waits until all of it has settled, and prunes what
 * left the manifest. The plan is known, and found possible, before the first write. What is sent is in the inventory
 * before it is sent, so that a killed apply can be finished or removed; only one apply of an inventory is under way at a
 * time.
 *
 * Whatever the API server refuses, does not settle in time or is changed meanwhile is a value of the result.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read before anything is sent.
 * @throws {InventoryError} `unreadable` when the inventory was damaged; `claimed` when another applies for too long.
 * @throws {GuardError} `forbidden` when the user may not do all that it needs.
 */
export async function apply(options: ApplyOptions): Promise<ApplyResult> {
  const start = performance.now();
  const { environment = options.cluster.environment, signal } = options;
  const settings = { ...options, environment };
  const reportOf = ({ plan, applied }: Partial<BegunApply>): ApplyReport => ({
    environment,
    objects: applied?.results() ?? [],
    effects: plan?.report.effects ?? [],
    warnings: [...(plan?.report.warnings ?? []), ...(applied?.warnings ?? [])],
    notRun: [],
    durationMs: performance.now() - start,
  });
  const failed = ({ why, ...failure }: Failure, begun: Partial<BegunApply> = {}): ApplyResult => {
    const message = `Cannot apply to ${environment}: ${why}.`;
    return { outcome: 'failed', failure: { ...failure, message }, ...reportOf(begun) };
  };

  let begun;
  try {
    const there = await alreadyThere({ ...settings, ...settings.record });
    if (there !== undefined) {
      const record = await rememberAgain(settings, there);
      return { outcome: 'applied', ...reportOf({}), record, objects: resultsOf(there) };
    }
    // Loaded only where there is something to do: mostly there is not.
    const { beginApply } = await import('./begin-apply.ts');
    begun = await beginApply(settings);
  } catch (error) {
    if (signal?.aborted === true) return failed(INTERRUPTED);
    throw error;
  }
  if ('code' in begun) return failed(begun);

  const { claim, journal } = begun;
  try {
    const ended = await carryOut(settings, begun).catch((error: unknown) => {
      return explainEnd(error, begun, signal);
    });
    if ('code' in ended) {
      const result = failed(ended, begun);
      // Without it the inventory is complete too: it was written before anything was sent.
      await claim.write({ data: journal.ended(result) }).catch(() => undefined);
      return result;
    }
    const { record, notRun } = ended;
    const result: ApplyResult = { outcome: 'applied', record, ...reportOf(begun), notRun };
    const failure = await recordEnd(settings, begun, { ...ended, result });
    return failure === undefined ? result : failed(failure, begun);
  } finally {
    await claim.release().catch(() => undefined);
  }
}

type Failure = Omit<ApplyFailure, 'message'> & { readonly why: string };
type Settings = ApplyOptions & { readonly environment: string };

const INTERRUPTED: Failure = { code: 'aborted', why: 'it was interrupted' };

function resultsOf({ unchanged, left }: AlreadyThere): AppliedObjectResult[] {
  return [
    ...unchanged.map((object) => ({ object, action: 'unchanged' as const })),
    ...left.map((object) => ({ object, action: 'kept' as const })),
  ];
}

// The same manifest under another hash: only the record is written.
async function rememberAgain(
  settings: Settings,
  { record, entries }: AlreadyThere,
): Promise<StoredRecord> {
  const { record: values } = settings;
  if (record.hash === values.hash) return record;
  return writeRecord({ ...settings, kind: 'apply', values, marks: marksOf(entries) });
}

function marksOf(entries: readonly InventoryEntry[]): Marks {
  return Object.fromEntries(entries.map((entry) => [referenceKey(entry), entry.known?.mark ?? '']));
}

// Sends, waits, prunes, and looks at what is there then.
async function carryOut(
  settings: Settings,
  { plan, applied, claim }: BegunApply,
): Promise<Failure | Ended> {
  const { cluster, onProgress, settleTimeoutMs: timeoutMs = SETTLE_TIMEOUT_MS } = settings;
  const signal =
    settings.signal === undefined ? claim.lost : AbortSignal.any([settings.signal, claim.lost]);
  const run = { ...settings, plan, applied, signal };

  const { applySteps } = await import('./apply-steps.ts');
  const objects = plan.steps.flatMap((step) => step.objects);
  const cannotRun = (await settings.prepare?.(objects)) ?? new Map<string, string>();
  signal.throwIfAborted();
  const unestablished = await applySteps(run);
  signal.throwIfAborted();
  const [failure, ...others] = applied.failed.map(
    ({ object, message = '' }) => `${describe(object)}: ${message}`,
  );
  if (failure !== undefined) {
    const more = others.length === 0 ? '' : `; and ${others.length} more`;
    return { code: 'rejected', why: `${failure}${more}` };
  }
  if (unestablished !== undefined) return unsettledFailure(unestablished);
  if (timeoutMs > 0) {
    const entries = plan.entries.filter((entry) => !cannotRun.has(referenceKey(entry)));
    const { settle } = await import('./settle.ts');
    const settlement = await settle({ cluster, entries, timeoutMs, signal, onProgress });
    if (settlement.outcome !== 'settled') return unsettledFailure(settlement);
  }

  if (plan.removals.length > 0) {
    const { prune } = await import('./prune.ts');
    await prune(run);
    signal.throwIfAborted();
  }
  const unpruned = applied.failed.map(
    ({ object, message = '' }) => `${describe(object)}: ${message}`,
  );
  if (unpruned.length > 0) {
    return { code: 'unpruned', why: `what left the manifest is not gone: ${few(unpruned)}` };
  }

  const entries = applied.entriesLeft();
  // One that did not wait is not remembered as an apply that has settled: what was answered is all that it has to know.
  let after = applied.metadataSent();
  if (timeoutMs > 0) {
    const sent = after;
    const now = (after = await readMetadata({ cluster, entries, signal }));
    const disturbed = plan.entries.filter((entry) => {
      const key = referenceKey(entry);
      return ownMark(sent.get(key)) !== ownMark(now.get(key));
    });
    if (disturbed.length > 0) {
      const names = few(disturbed.map(describe));
      return { code: 'disturbed', why: `another changed ${names} meanwhile. Apply again` };
    }
  }
  const known = applied.withKnown(entries, after);
  const record = await makeRecord(cluster, settings.record, marksOf(known));
  const notRun = plan.entries.flatMap((entry) => {
    const reason = cannotRun.get(referenceKey(entry));
    return reason === undefined ? [] : [{ object: entry, reason }];
  });
  return { entries: known, record, notRun };
}

/** An apply that has succeeded. */
interface Ended {
  readonly entries: readonly InventoryEntry[];
  readonly record: StoredRecord;
  readonly notRun: ApplyReport['notRun'];
}

function unsettledFailure({ outcome, count, timeoutMs, unsettled }: Unsettlement): Failure {
  if (outcome === 'aborted') return { ...INTERRUPTED, unsettled };
  const seconds = Math.round(timeoutMs / 1000);
  const what = outcome === 'timeout' ? `did not settle within ${seconds} s` : 'failed to settle';
  const why = `${unsettled.length} of ${count} objects ${what}`;
  return { code: 'unsettled', why, unsettled };
}

// What was sent must be reported, also where the API server is lost afterwards.
function explainEnd(error: unknown, { claim }: BegunApply, signal?: AbortSignal): Failure {
  if (claim.lost.aborted) return { code: 'claimed', why: errorMessage(claim.lost.reason) };
  if (signal?.aborted === true) return INTERRUPTED;
  if (!(error instanceof ApiError || error instanceof ClusterError)) throw error;
  const why = `it cannot be told whether all has settled: ${errorMessage(error)}`;
  return { code: 'unrecorded', why };
}

// Lets the cluster remember what was done.
async function recordEnd(
  { settleTimeoutMs }: Settings,
  { claim, journal }: BegunApply,
  { entries, record, result }: Ended & { readonly result: ApplyResult },
): Promise<Failure | undefined> {
  // One that did not wait has not seen that all settles: the next one is to look.
  const remembered = settleTimeoutMs === 0 ? {} : { apply: JSON.stringify(record) };
  try {
    const release = !journal.isFull;
    await claim.write({ entries, data: { ...remembered, ...journal.ended(result) }, release });
    if (!release) await journal.tidy();
    return undefined;
  } catch (error) {
    const why = `all is applied and settled, but it cannot be recorded: ${errorMessage(error)}`;
    return { code: 'unrecorded', why };
  }
}
