import { APPLY_ACTIONS, type AppliedObjectResult, type ApplyResult } from './apply-result.ts';
import { describeConflicts } from './conflict.ts';
import { countActions, describeCounts } from './count-actions.ts';
import { listLines } from './list-lines.ts';
import { describe } from './object-reference.ts';
import { describeEffect } from './restarts/effects-of.ts';

/** A result in at most 30 or so short lines: counts, failures in full, what needs attention, what to do. */
export function formatApplyResult(result: ApplyResult): string[] {
  const seconds = (result.durationMs / 1000).toFixed(1);
  const head =
    result.outcome === 'applied'
      ? `Applied ${result.environment} at ${clock(result.record.at)} in ${seconds} s: ${counts(result)}.`
      : result.failure.message;
  const lines = [head];
  if (result.outcome === 'failed' && result.objects.length > 0) {
    lines.push(`After ${seconds} s: ${counts(result)}.`);
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
  const kept = result.objects.filter(({ action }) => action === 'kept');
  lines.push(
    ...listLines(
      'No longer rendered, still in the cluster',
      kept.map(({ object, message }) => `${describe(object)}: ${message ?? 'see the last apply'}`),
    ),
    ...listLines('Readers of what changed', result.effects.map(describeEffect)),
    ...listLines(
      'Not run',
      result.notRun.map(({ object, reason }) => `${describe(object)}: ${reason}`),
    ),
    ...result.warnings.map((warning) => `Warning: ${warning}`),
  );
  if (result.outcome === 'failed') lines.push(HINTS[result.failure.code]);
  return lines;
}

// What changed in a cluster that was applied to before. A cached result is read again later: it says when it was true.
function changes({ outcome, objects }: ApplyResult): string[] {
  if (outcome !== 'applied' || objects.every(({ action }) => action !== 'unchanged')) return [];
  return CHANGES.flatMap(([wanted, title]) => {
    const names = objects
      .filter(({ action }) => action === wanted)
      .map(({ object }) => describe(object));
    return listLines(title, names);
  });
}

const CHANGES = [
  ['created', 'Created'],
  ['configured', 'Configured'],
  ['restarted', 'Restarted'],
  ['pruned', 'Pruned'],
] as const;

function clock(at: string): string {
  return `${at.slice(0, 19)}Z`;
}

const HINTS = {
  refused: 'Nothing was sent.',
  'prunes-many': 'Nothing was sent.',
  claimed: 'What was applied stays, and is in the inventory. Apply again.',
  unpruned: 'The manifest is applied. Correct the cause, then apply again to finish.',
  rejected: 'What was applied stays, and is in the inventory. Correct the cause, then apply again.',
  unsettled: 'What was applied is in the inventory. Correct the cause, then apply again.',
  disturbed: 'All was applied, and is in the inventory.',
  unrecorded: 'The next apply does it again.',
  aborted: 'What was applied stays, and is in the inventory. Apply again to finish.',
} as const;

function counts({ objects }: ApplyResult): string {
  return describeCounts(countActions(APPLY_ACTIONS, objects));
}

function failure({ object, message = 'unknown', remedy }: AppliedObjectResult): string {
  return `${describe(object)}: ${message}.${remedy === undefined ? '' : ` ${remedy}.`}`;
}

function takenOver({ object, takenOver }: AppliedObjectResult): string[] {
  return takenOver === undefined ? [] : [`${describe(object)}: ${describeConflicts(takenOver)}`];
}
