import type { Cluster } from '@prow-deploy/cluster';
import { applyObject } from './apply-object.ts';
import type { ApplyAction, AppliedObjectResult } from './apply-result.ts';
import type { TakeOver } from './conflict.ts';
import type { InventoryEntry } from './inventory.ts';
import type { ObjectMetadata } from './kubernetes-object.ts';
import { mark } from './mark.ts';
import { describe, identify, identifyEntry, referenceKey } from './object-reference.ts';
import type { Plan, PlannedWrite } from './plan/plan.ts';
import { ClusterError } from '@prow-deploy/cluster';

/** Options of {@link AppliedObjects.send}. */
export interface SendObjectOptions {
  readonly cluster: Cluster;
  /** Default: `edits`. */
  readonly takeOver?: TakeOver | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What has become of each object of a plan so far. */
export class AppliedObjects {
  readonly #plan: Plan;
  readonly #results = new Map<string, AppliedObjectResult>();
  // Of each object that was sent, as the API server answered it.
  readonly #sent = new Map<string, ObjectMetadata>();
  readonly #gone = new Set<string>();
  readonly #warnings: string[] = [];
  #unreachable = false;

  /** All that needs no write is unchanged from the beginning. */
  constructor(plan: Plan) {
    this.#plan = plan;
    for (const { entry, object, proven } of this.#writes()) {
      if (proven) this.#set(entry, { object: identify(object), action: 'unchanged' });
    }
  }

  /** What the API server warned of, with the object. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Whether what becomes of the object is still open. */
  isOpen(entry: InventoryEntry): boolean {
    return !this.#results.has(referenceKey(entry));
  }

  /** Applies one object; a refusal is a result. Nothing is sent any more once the API server cannot be reached. */
  async send(write: PlannedWrite, options: SendObjectOptions): Promise<void> {
    const { cluster, signal, takeOver = 'edits' } = options;
    if (signal?.aborted === true || this.#unreachable || !this.isOpen(write.entry)) return;
    const { entry, object, planned } = write;
    const reference = identify(object);
    try {
      const before = this.#plan.before.get(referenceKey(entry));
      const sent = await applyObject({ cluster, resolved: write, before, takeOver, signal });
      this.#sent.set(referenceKey(entry), sent.metadata);
      this.#warnings.push(...sent.warnings.map((text) => `${describe(reference)}: ${text}`));
      const restarted = sent.action === 'configured' && planned.action === 'restart';
      this.#set(entry, {
        object: reference,
        action: restarted ? 'restarted' : sent.action,
        ...(sent.takenOver.length === 0 ? {} : { takenOver: sent.takenOver }),
      });
    } catch (error) {
      // Interrupted while it waited for another try: it counts as skipped.
      if (error === signal?.reason) return;
      this.#unreachable ||= error instanceof ClusterError;
      const { explainRejection } = await import('./rejection.ts');
      const rejection = explainRejection(error, object, cluster);
      this.#set(entry, { object: reference, action: 'failed', ...rejection });
    }
  }

  /** Notes what became of an object that left the manifest. `gone`: the inventory is to forget it. */
  removed(
    entry: InventoryEntry,
    result: { readonly action: ApplyAction; readonly message?: string | undefined },
    gone: boolean,
  ): void {
    this.#set(entry, { object: identifyEntry(entry), ...result });
    if (gone) this.#gone.add(referenceKey(entry));
  }

  get failed(): readonly AppliedObjectResult[] {
    return [...this.#results.values()].filter(({ action }) => action === 'failed');
  }

  /** How many objects are as they should be. */
  get doneCount(): number {
    return [...this.#results.values()].filter(({ action }) => action !== 'failed').length;
  }

  /** Of every object of the manifest, in the order of the steps; then of what left it. */
  results(): AppliedObjectResult[] {
    const writes = this.#writes().map(({ entry, object }): AppliedObjectResult => {
      const result = this.#results.get(referenceKey(entry));
      return result ?? { object: identify(object), action: 'skipped' };
    });
    const removals = this.#plan.removals.flatMap(({ entry }) => {
      const result = this.#results.get(referenceKey(entry));
      return result === undefined ? [] : [result];
    });
    return [...writes, ...removals];
  }

  /** Metadata by reference key, as last answered: of what was sent then, of all else before. */
  metadataSent(): ReadonlyMap<string, ObjectMetadata> {
    return new Map([...this.#plan.before, ...this.#sent]);
  }

  /** Of the inventory: what is in the cluster now, or may be. */
  entriesLeft(): InventoryEntry[] {
    const rendered = new Set(this.#plan.entries.map(referenceKey));
    return this.#plan.union.filter((entry) => {
      const key = referenceKey(entry);
      if (this.#gone.has(key)) return false;
      return rendered.has(key) || this.#plan.before.has(key);
    });
  }

  /** The same entries with what is known of each now, by its live metadata. */
  withKnown(
    entries: readonly InventoryEntry[],
    after: ReadonlyMap<string, ObjectMetadata>,
  ): InventoryEntry[] {
    const digests = new Map(
      this.#writes().map(({ entry, digest }) => [referenceKey(entry), digest] as const),
    );
    return entries.map((entry) => {
      const key = referenceKey(entry);
      return {
        ...entry,
        known: { mark: mark(entry, after.get(key)), digest: digests.get(key) ?? '' },
      };
    });
  }

  #writes(): PlannedWrite[] {
    return this.#plan.steps.flatMap(({ objects }) => objects);
  }

  #set(entry: InventoryEntry, result: AppliedObjectResult): void {
    this.#results.set(referenceKey(entry), result);
  }
}
