import type { Cluster } from '@prow-deploy/cluster';
import type { AppliedObjects } from './applied-objects.ts';
import type { InventoryEntry } from './inventory.ts';
import { describe, referenceKey } from './object-reference.ts';
import { order } from './order.ts';
import type { Plan } from './plan/plan.ts';
import { releaseObject } from './release-object.ts';
import { removeObjects } from './remove-objects.ts';

/** Options of {@link prune}. */
export interface PruneOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly plan: Pick<Plan, 'removals' | 'before'>;
  readonly applied: AppliedObjects;
  /** How long the objects of one step may take to be gone, in milliseconds. Default: 2 minutes. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives one line per step. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/**
 * Deletes what left the manifest, in the reverse order of an apply, each step once the one before is gone. What is kept
 * is noted with its reason. What cannot be deleted stays in the inventory.
 */
export async function prune(options: PruneOptions): Promise<void> {
  const { cluster, plan, applied, timeoutMs = 120_000, signal, onProgress } = options;
  const uids = new Map([...plan.before].map(([key, { uid = '' }]) => [key, uid]));
  for (const { entry, removal } of plan.removals) {
    if (removal.verb !== 'keep') continue;
    applied.removed(entry, { action: 'kept', message: removal.reason }, removal.forget);
  }
  const doomed = plan.removals.flatMap(({ entry, removal }) =>
    removal.verb === 'keep' ? [] : [entry],
  );
  const isReleased = new Set(
    plan.removals.flatMap(({ entry, removal }) =>
      removal.verb === 'release' ? [referenceKey(entry)] : [],
    ),
  );
  const release = async (entry: InventoryEntry) => {
    const reason = await releaseObject({ cluster, entry, signal });
    const action = reason === undefined ? 'kept' : 'failed';
    const message = reason ?? 'it was there before the first apply';
    applied.removed(entry, { action, message }, reason === undefined);
  };
  for (const { objects } of order(doomed).reverse()) {
    if (signal?.aborted === true) return;
    const [first] = objects;
    if (first === undefined) continue;
    const more = objects.length === 1 ? '' : ` and ${objects.length - 1} more`;
    onProgress?.(`pruning ${describe(first)}${more}`);
    const [released, deleted] = partition(objects, (entry) => isReleased.has(referenceKey(entry)));
    await Promise.all(released.map(release));
    const gone = await removeObjects({ cluster, entries: deleted, uids, timeoutMs, signal });
    for (const entry of deleted) {
      const { action, reason } = gone.get(referenceKey(entry)) ?? { action: 'skipped' };
      const wasDeleted = action === 'deleted';
      applied.removed(
        entry,
        { action: wasDeleted ? 'pruned' : action, message: reason },
        wasDeleted,
      );
    }
  }
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
