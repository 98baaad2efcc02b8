import { ApiError, type Cluster, ClusterError } from '@prow-deploy/cluster';
import type {
  AppliedObjectResult,
  ApplyFailure,
  ApplyFailureCode,
  ApplyResult,
} from './apply-result.ts';
import { applyObject } from './apply-object.ts';
import type { TakeOver } from './conflict.ts';
import { errorMessage } from './error-message.ts';
import { fingerprint } from './fingerprint.ts';
import type { InventoryEntry } from './inventory.ts';
import { writeInventory } from './inventory-store.ts';
import type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts';
import { mark, ownMark } from './mark.ts';
import { describe, referenceKey } from './object-reference.ts';
import { type Plan, readPlan } from './plan.ts';
import { readMetadata } from './read-metadata.ts';
import { makeRecord, type RecordValues, type StoredRecord } from './record.ts';
import { explainRejection } from './rejection.ts';
import type { ResolvedObject } from './resolve.ts';
import { settle, type Unsettled } from './settle.ts';

/** Options of {@link apply}. */
export interface ApplyOptions {
  readonly cluster: Cluster;
  /** Name of the environment, under which the inventory is kept. Default: that of the cluster. */
  readonly environment?: string;
  /** Namespace of the inventory: the environment's Prow namespace. It exists, or is among the objects. */
  readonly inventoryNamespace: string;
  /** The whole manifest, with the bytes of its secrets. */
  readonly objects: readonly KubernetesObject[];
  /** What the cluster is to remember when all has succeeded. */
  readonly record: RecordValues;
  /** Whose fields are taken over. Default: `edits`, what people wrote by hand. */
  readonly takeOver?: TakeOver;
  /** How long the objects may take to settle, in milliseconds. Default: 10 minutes. */
  readonly settleTimeoutMs?: number;
  /** Receives one line per step, and what is waited for. Default: nobody. */
  readonly onProgress?: (line: string) => void;
  /** Ends the work between two requests. Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
}

const CONCURRENCY = 12;
const ESTABLISH_TIMEOUT_MS = 60_000;

/**
 * Puts a manifest into a cluster by server-side apply, step by step, and waits until all of it has settled. What was
 * sent is in the inventory before it is sent, so that a killed apply can be finished or removed. Objects that left
 * the manifest are reported, and stay.
 *
 * Whatever the API server refuses, does not settle in time or is changed meanwhile is a value of the result.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read before anything is sent.
 * @throws {InventoryError} `unreadable` when the inventory was damaged.
 */
export async function apply(options: ApplyOptions): Promise<ApplyResult> {
  const run = new ApplyRun(options);
  try {
    return await run.execute();
  } catch (error) {
    if (options.signal?.aborted === true) return run.failure('aborted', 'it was interrupted');
    // What was sent must be reported, also where the API server is lost afterwards.
    if (run.hasBegun && (error instanceof ApiError || error instanceof ClusterError)) {
      const why = `it cannot be told whether all has settled: ${errorMessage(error)}`;
      return run.failure('unrecorded', why);
    }
    throw error;
  }
}

/** One apply, and what is known of it so far. */
class ApplyRun {
  readonly #options: ApplyOptions;
  readonly #environment: string;
  readonly #start = Date.now();
  readonly #results = new Map<string, AppliedObjectResult>();
  // What we own of each object as the API server answered it.
  readonly #owned = new Map<string, string>();
  #plan: Plan | undefined;
  #unreachable = false;

  constructor(options: ApplyOptions) {
    this.#options = options;
    this.#environment = options.environment ?? options.cluster.environment;
  }

  async execute(): Promise<ApplyResult> {
    const { cluster, takeOver } = this.#options;
    const takeFromOthers = takeOver === 'everything';
    const plan = await readPlan({
      ...this.#options,
      environment: this.#environment,
      takeFromOthers,
    });
    if ('refused' in plan) return this.failure('refused', plan.refused);
    this.#plan = plan;

    const begun = await this.#begin(plan);
    if (begun !== undefined) return begun;
    for (const step of plan.steps) {
      await this.#applyStep(step.objects);
      if (this.#isAborted()) return this.failure('aborted', 'it was interrupted');
      if (this.#failed.length > 0) return this.#rejected();
      this.#progress(`applied ${this.#owned.size}/${plan.entries.length}: ${step.name}`);
      if (step.name === 'custom resource definitions') {
        const timeoutMs = ESTABLISH_TIMEOUT_MS;
        const unsettled = await this.#settle(
          step.objects.map(({ entry }) => entry),
          timeoutMs,
        );
        if (unsettled !== undefined) return unsettled;
      }
    }
    const unsettled = await this.#settle(plan.entries, this.#options.settleTimeoutMs);
    if (unsettled !== undefined) return unsettled;
    return this.#finish(plan, cluster);
  }

  /** Whether anything may have been sent. */
  get hasBegun(): boolean {
    return this.#results.size > 0;
  }

  failure(code: ApplyFailureCode, why: string, unsettled?: readonly Unsettled[]): ApplyResult {
    const failure: ApplyFailure = {
      code,
      message: `Cannot apply to ${this.#environment}: ${why}.`,
      ...(unsettled === undefined ? {} : { unsettled }),
    };
    return { outcome: 'failed', failure, ...this.#report() };
  }

  // Writes the inventory of all that may come, before any of it is sent.
  async #begin(plan: Plan): Promise<ApplyResult | undefined> {
    if (this.#isAborted()) return this.failure('aborted', 'it was interrupted');
    if (plan.firstOfAll !== undefined) {
      await this.#applyStep([plan.firstOfAll]);
      if (this.#failed.length > 0) return this.#rejected();
    }
    try {
      // From here on the cluster is no longer as the last apply left it.
      await this.#writeInventory(plan.union, { apply: undefined });
      return undefined;
    } catch (error) {
      return this.failure('refused', `the inventory cannot be written: ${errorMessage(error)}`);
    }
  }

  async #applyStep(objects: readonly ResolvedObject[]): Promise<void> {
    const { default: pMap } = await import('p-map');
    const pending = objects.filter(({ entry }) => !this.#results.has(referenceKey(entry)));
    await pMap(pending, (object) => this.#applyOne(object), { concurrency: CONCURRENCY });
  }

  async #applyOne(resolved: ResolvedObject): Promise<void> {
    if (this.#isAborted() || this.#unreachable) return;
    const { cluster, signal, takeOver = 'edits' } = this.#options;
    const { entry, object } = resolved;
    const key = referenceKey(entry);
    try {
      const before = this.#plan?.before.get(key);
      const applied = await applyObject({ cluster, resolved, before, takeOver, signal });
      const { action, metadata, takenOver } = applied;
      this.#owned.set(key, ownMark(metadata));
      const taken = takenOver.length === 0 ? {} : { takenOver };
      this.#results.set(key, { object: entry, action, ...taken });
    } catch (error) {
      // Interrupted while it waited for another try: it counts as skipped.
      if (this.#isAborted() && error === signal?.reason) return;
      this.#unreachable ||= error instanceof ClusterError;
      const rejection = explainRejection(error, object, cluster);
      this.#results.set(key, { object: entry, action: 'failed', ...rejection });
    }
  }

  async #settle(
    entries: readonly InventoryEntry[],
    timeoutMs: number | undefined,
  ): Promise<ApplyResult | undefined> {
    const { cluster, signal, onProgress } = this.#options;
    const settlement = await settle({ cluster, entries, timeoutMs, signal, onProgress });
    if (settlement.outcome === 'settled') return undefined;
    const { outcome, unsettled } = settlement;
    if (outcome === 'aborted') return this.failure('aborted', 'it was interrupted', unsettled);
    const seconds = Math.round((timeoutMs ?? 600_000) / 1000);
    const what = outcome === 'timeout' ? `did not settle within ${seconds} s` : 'failed to settle';
    const count = `${unsettled.length} of ${settlement.count} objects ${what}`;
    return this.failure('unsettled', count, unsettled);
  }

  async #finish(plan: Plan, cluster: Cluster): Promise<ApplyResult> {
    const entries = [...plan.entries, ...plan.left];
    const after = await readMetadata({ cluster, entries, signal: this.#options.signal });
    const disturbed = plan.entries.filter((entry) => {
      const key = referenceKey(entry);
      return this.#owned.get(key) !== ownMark(after.get(key));
    });
    if (disturbed.length > 0) {
      const names = disturbed.slice(0, 5).map(describe).join(', ');
      return this.failure('disturbed', `another changed ${names} meanwhile. Apply again`);
    }
    try {
      const record = await this.#record(entries, after);
      await this.#writeInventory(entries, { apply: JSON.stringify(record) });
      return { outcome: 'applied', record, ...this.#report() };
    } catch (error) {
      const why = `all is applied and settled, but it cannot be recorded: ${errorMessage(error)}`;
      return this.failure('unrecorded', why);
    }
  }

  async #record(
    entries: readonly InventoryEntry[],
    after: ReadonlyMap<string, ObjectMetadata>,
  ): Promise<StoredRecord> {
    const { cluster, record } = this.#options;
    const marks = Object.fromEntries(
      entries.map((entry) => [referenceKey(entry), mark(entry, after.get(referenceKey(entry)))]),
    );
    return makeRecord(record, marks, fingerprint(await cluster.identity(), marks));
  }

  async #writeInventory(
    entries: readonly InventoryEntry[],
    data: Readonly<Record<string, string | undefined>>,
  ): Promise<void> {
    const { cluster, inventoryNamespace, signal } = this.#options;
    const environment = this.#environment;
    await writeInventory({ cluster, inventoryNamespace, signal }, { environment, entries, data });
  }

  #rejected(): ApplyResult {
    const names = this.#failed.map(
      ({ object, message }) => `${describe(object)}: ${message ?? ''}`,
    );
    const [first = '', ...rest] = names;
    const more = rest.length === 0 ? '' : `; and ${rest.length} more`;
    return this.failure('rejected', `${first}${more}`);
  }

  #report(): Pick<ApplyResult, 'environment' | 'objects' | 'left' | 'durationMs'> {
    const steps = this.#plan?.steps ?? [];
    const objects = steps.flatMap((step) =>
      step.objects.map(({ entry }): AppliedObjectResult => {
        return this.#results.get(referenceKey(entry)) ?? { object: entry, action: 'skipped' };
      }),
    );
    return {
      environment: this.#environment,
      objects,
      left: this.#plan?.left ?? [],
      durationMs: Date.now() - this.#start,
    };
  }

  get #failed(): AppliedObjectResult[] {
    return [...this.#results.values()].filter(({ action }) => action === 'failed');
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #progress(line: string): void {
    this.#options.onProgress?.(line);
  }
}
