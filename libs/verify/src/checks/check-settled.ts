import { describe, type InventoryEntry, settle, type SettleOptions } from '@prow-deploy/apply';
import type { Findings } from '../verify-report.ts';

/** Whether the cluster has done what the objects ask for, or does so before the deadline. */
export async function checkSettled(
  options: SettleOptions & { readonly entries: readonly InventoryEntry[] },
): Promise<Findings> {
  const settlement = await settle(options);
  const unsettled = settlement.outcome === 'settled' ? [] : settlement.unsettled;
  const reasons = new Map(unsettled.map(({ object, reason }) => [describe(object), reason]));
  const checks = options.entries.map((entry) => {
    const object = describe(entry);
    return { check: 'settled' as const, object, reason: reasons.get(object) };
  });
  return {
    passed: checks
      .filter(({ reason }) => reason === undefined)
      .map(({ check, object }) => ({ check, object })),
    failed: checks.filter(({ reason }) => reason !== undefined),
  };
}
