import type { ApplyFailureCode } from '../apply-result.ts';
import { few } from '../list-lines.ts';
import { describe } from '../object-reference.ts';
import type { Plan } from './plan.ts';
import { BLOCKING_ACTIONS } from './planned-object.ts';

/** Why a plan is not begun. */
export interface PlanRefusal {
  readonly code: Extract<ApplyFailureCode, 'refused' | 'prunes-many'>;
  readonly why: string;
}

/** More than this part of an inventory is not pruned unasked: it is more likely a mistake in what was rendered. */
const PRUNED_AT_MOST = 0.3;

/** Tells why a plan must not be begun; `undefined` where it may. */
export function checkPlan(
  plan: Pick<Plan, 'report' | 'entries' | 'previousCount'>,
  confirmPrune: number | undefined,
): PlanRefusal | undefined {
  const { objects } = plan.report;
  if (plan.entries.length === 0 && plan.previousCount === 0) {
    return { code: 'refused', why: 'the manifest has no objects' };
  }
  const blocked = objects.filter(({ action }) => BLOCKING_ACTIONS.includes(action));
  if (blocked.length > 0) {
    const [first] = blocked.map(({ object, reason = '', remedy }) => {
      return `${describe(object)}: ${reason}${remedy === undefined ? '' : `. ${remedy}`}`;
    });
    const more = blocked.length === 1 ? '' : `; and ${blocked.length - 1} more`;
    return { code: 'refused', why: `${first ?? ''}${more}` };
  }
  const pruned = objects.filter(({ action }) => action === 'prune');
  if (pruned.length > plan.previousCount * PRUNED_AT_MOST && confirmPrune !== pruned.length) {
    const percent = Math.round((100 * pruned.length) / plan.previousCount);
    const names = few(pruned.map(({ object }) => describe(object)));
    return {
      code: 'prunes-many',
      why: `the manifest lacks ${pruned.length} of the ${plan.previousCount} objects of the last apply (${percent} %), which would be deleted: ${names}. If you mean it, apply with --confirm-prune=${pruned.length}`,
    };
  }
  return undefined;
}
