import { AppliedObjects } from './applied-objects.ts';
import type { ApplyFailureCode } from './apply-result.ts';
import type { ApplyOptions } from './apply.ts';
import { storeDigestKey } from './digest-key.ts';
import { errorMessage } from './error-message.ts';
import { requirePermissions } from './guard/require-permissions.ts';
import { ApplyJournal } from './history/apply-journal.ts';
import { Claim, newClaim, waitForClaim } from './inventory-claim.ts';
import { claimInventory } from './inventory-store.ts';
import { checkPlan } from './plan/check-plan.ts';
import { referenceKey } from './object-reference.ts';
import type { Need } from './permissions/need.ts';
import { needsOf } from './permissions/needs-of.ts';
import type { Plan, PlannedWrite, PlanReport } from './plan/plan.ts';
import { readPlan } from './plan/read-plan.ts';
import { persistently } from './send.ts';

/** An apply whose plan is known, and that alone may write now. */
export interface BegunApply {
  readonly plan: Plan;
  readonly applied: AppliedObjects;
  readonly claim: Claim;
  readonly journal: ApplyJournal;
}

/** An apply that was not begun, and why. */
export interface UnbegunApply {
  readonly code: ApplyFailureCode;
  readonly why: string;
  readonly plan?: PlanReport;
}

const LOOKS = 5;

/**
 * Plans, asks, and claims the inventory, in which all that may come is written before any of it is sent. Where somebody
 * else writes the inventory meanwhile, the plan is made anew. Nothing but the inventory, its key and its Namespace is
 * written.
 *
 * @throws {ApiError} {ClusterError} {InventoryError} {GuardError} see `apply`.
 */
export async function beginApply(
  options: ApplyOptions & { readonly environment: string },
): Promise<BegunApply | UnbegunApply> {
  const { beforeWrite, claimTimeoutMs: timeoutMs = 600_000, confirmPrune, signal } = options;
  const { cluster, inventoryNamespace, objects: given } = options;
  const objects = typeof given === 'function' ? given() : given;
  let asked = false;
  for (let look = 1; look <= LOOKS; look += 1) {
    const plan = await readPlan({ ...options, objects });
    if ('refused' in plan) return { code: 'refused', why: plan.refused };
    const { stored } = plan;
    if (stored?.applying !== undefined && look < LOOKS) {
      // What the other has done meanwhile changes the plan. A dead one's claim is taken over.
      if ((await waitForClaim(stored, { ...options, timeoutMs })) === 'released') continue;
    }
    const refusal = checkPlan(plan, confirmPrune);
    if (refusal !== undefined) return { ...refusal, plan: plan.report };
    await Promise.all([
      requirePermissions({ cluster, needs: needsOfPlan(plan, inventoryNamespace), signal }),
      // The record of the apply needs it: what cannot be recorded is not begun.
      persistently(() => cluster.identity(), { signal }),
    ]);
    signal?.throwIfAborted();
    if (!asked) await beforeWrite?.(plan.report);
    asked = true;
    const begun = await claim(options, plan);
    if (begun !== undefined) return begun;
  }
  return {
    code: 'claimed',
    why: 'others keep writing its inventory. Apply again when they are done',
  };
}

function needsOfPlan(plan: Plan, inventoryNamespace: string): Need[] {
  const writes = plan.steps.flatMap(({ objects }) => objects.filter(({ proven }) => !proven));
  const isThere = ({ entry }: PlannedWrite) => plan.before.has(referenceKey(entry));
  return needsOf({
    create: writes.filter((write) => !isThere(write)).map(({ entry }) => entry),
    change: writes.filter(isThere).map(({ entry }) => entry),
    prune: plan.removals.flatMap(({ entry, removal }) =>
      removal.verb === 'delete' ? [entry] : [],
    ),
    inventoryNamespace,
  });
}

// `undefined` where another was faster.
async function claim(
  options: ApplyOptions & { readonly environment: string },
  plan: Plan,
): Promise<BegunApply | UnbegunApply | undefined> {
  const { cluster, environment, inventoryNamespace, signal } = options;
  const applied = new AppliedObjects(plan);
  const [journal] = await Promise.all([
    ApplyJournal.begin(options, plan.stored),
    plan.firstOfAll && applied.send(plan.firstOfAll, options),
  ]);
  if (plan.firstOfAll !== undefined) {
    const [failed] = applied.failed;
    if (failed !== undefined) {
      return { code: 'refused', why: `the inventory has no place: ${failed.message ?? ''}` };
    }
  }
  const place = { cluster, inventoryNamespace, signal };
  const applying = newClaim();
  // From here on the cluster is no longer as the last apply left it.
  const data = { apply: undefined, ...journal.started() };
  const content = { environment, entries: plan.union, data, applying };
  try {
    if (!(await claimInventory(place, plan.stored, content))) return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    return { code: 'refused', why: `the inventory cannot be written: ${errorMessage(error)}` };
  }
  const claim = new Claim({ cluster, inventoryNamespace }, applying);
  try {
    await Promise.all([
      plan.key.stored ? undefined : storeDigestKey(place, plan.key),
      journal.keepManifest(),
    ]);
    return { plan, applied, claim, journal };
  } catch (error) {
    await claim.release();
    signal?.throwIfAborted();
    return { code: 'refused', why: `the inventory cannot be kept: ${errorMessage(error)}` };
  }
}
