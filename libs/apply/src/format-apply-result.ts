import { APPLY_ACTIONS, type AppliedObjectResult, type ApplyResult } from './apply-result.ts';
import { describeConflicts } from './conflict.ts';
import { listLines } from './list-lines.ts';
import { describe } from './object-reference.ts';

/** A result in at most 30 or so short lines: counts, failures in full, what needs attention, what to do. */
export function formatApplyResult(result: ApplyResult): string[] {
  const seconds = (result.durationMs / 1000).toFixed(1);
  const head =
    result.outcome === 'applied'
      ? `Applied ${result.environment} at ${clock(result.record.at)} in ${seconds} s: ${countActions(result.objects)}.`
      : result.failure.message;
  const lines = [head];
  if (result.outcome === 'failed' && result.failure.code !== 'refused') {
    lines.push(`After ${seconds} s: ${countActions(result.objects)}.`);
  }
  lines.push(
    ...listLines('Failed', result.objects.filter(({ action }) => action === 'failed').map(failure)),
  );
  if (result.outcome === 'failed') {
    const unsettled = (result.failure.unsettled ?? []).map(
      ({ object, reason }) => `${describe(object)}: ${reason}`,
    );
    lines.push(...listLines('Not settled', unsettled));
  }
  lines.push(...changes(result));
  lines.push(...listLines('Taken over', result.objects.flatMap(takenOver)));
  lines.push(...listLines('No longer rendered, still in the cluster', result.left.map(describe)));
  if (result.outcome === 'failed') lines.push(HINTS[result.failure.code]);
  return lines;
}

// What changed in a cluster that was applied to before. A cached result is read again later: it says when it was true.
function changes({ outcome, objects }: ApplyResult): string[] {
  if (outcome !== 'applied' || objects.every(({ action }) => action !== 'unchanged')) return [];
  return (['created', 'configured'] as const).flatMap((wanted) => {
    const names = objects
      .filter(({ action }) => action === wanted)
      .map(({ object }) => describe(object));
    return listLines(wanted === 'created' ? 'Created' : 'Configured', names);
  });
}

function clock(at: string): string {
  return `${at.slice(0, 19)}Z`;
}

const HINTS = {
  refused: 'Nothing was sent.',
  rejected: 'What was applied stays, and is in the inventory. Correct the cause, then apply again.',
  unsettled: 'What was applied is in the inventory. Correct the cause, then apply again.',
  disturbed: 'All was applied, and is in the inventory.',
  unrecorded: 'The next apply does it again.',
  aborted: 'What was applied stays, and is in the inventory. Apply again to finish.',
} as const;

/** `3 created, 1 configured, 106 unchanged`. */
export function countActions(objects: readonly AppliedObjectResult[]): string {
  const counts = APPLY_ACTIONS.flatMap((action) => {
    const count = objects.filter((object) => object.action === action).length;
    return count === 0 ? [] : [`${count} ${action}`];
  });
  return counts.length === 0 ? 'nothing to apply' : counts.join(', ');
}

function failure({ object, message = 'unknown', remedy }: AppliedObjectResult): string {
  return `${describe(object)}: ${message}.${remedy === undefined ? '' : ` ${remedy}.`}`;
}

function takenOver({ object, takenOver }: AppliedObjectResult): string[] {
  return takenOver === undefined ? [] : [`${describe(object)}: ${describeConflicts(takenOver)}`];
}
