import { alreadyThere } from './already-there.ts';
import type { ApplyOptions } from './apply.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { PlanReport } from './plan/plan.ts';

/** Options of {@link diffManifest}. */
export interface DiffManifestOptions extends Pick<
  ApplyOptions,
  'cluster' | 'inventoryNamespace' | 'takeOver' | 'pruneData' | 'confirmPrune' | 'signal'
> {
  readonly environment: string;
  readonly manifestDigest: string;
  readonly secretsDigest: string;
  /** The whole manifest, with the bytes of its secrets; called only where the cluster may differ from it. */
  readonly objects: () => Promise<readonly KubernetesObject[]>;
}

/** What an apply would do. JSON-serialisable; holds no value of a secret. */
export interface ManifestDiff {
  readonly plan: PlanReport;
  /** Why an apply would not be begun; absent where it would. */
  readonly refused?: string | undefined;
}

/**
 * Finds out what an apply of a manifest would change. Writes nothing: the right to read, and to send dry runs, is enough.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 * @throws {InventoryError} `unreadable` when the inventory was damaged.
 */
export async function diffManifest(options: DiffManifestOptions): Promise<ManifestDiff> {
  const { environment, confirmPrune } = options;
  const nothing = { environment, effects: [], warnings: [] };
  const there = await alreadyThere(options);
  if (there !== undefined) {
    const { unchanged, left } = there;
    const objects = [
      ...unchanged.map((object) => ({ object, action: 'unchanged' as const })),
      ...left.map((object) => ({ object, action: 'keep' as const })),
    ];
    return { plan: { ...nothing, objects } };
  }
  // Loaded only where there is something to compare.
  const [{ readPlan }, { checkPlan }, objects] = await Promise.all([
    import('./plan/read-plan.ts'),
    import('./plan/check-plan.ts'),
    options.objects(),
  ]);
  const plan = await readPlan({ ...options, objects, previewCreations: 'always' });
  if ('refused' in plan) return { plan: { ...nothing, objects: [] }, refused: plan.refused };
  const refused = checkPlan(plan, confirmPrune)?.why;
  return { plan: plan.report, ...(refused === undefined ? {} : { refused }) };
}
