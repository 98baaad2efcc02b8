import { CLEANUP_ACTIONS, type CleanupResult } from './cleanup-result.ts';
import { groupBy } from './group-by.ts';
import { describe } from './object-reference.ts';
import { listLines } from './list-lines.ts';

/** A result in at most 30 or so short lines: counts, what failed, what was kept and why, what to do. */
export function formatCleanupResult(result: CleanupResult): string[] {
  const { outcome, environment, objects, durationMs } = result;
  const counts = CLEANUP_ACTIONS.flatMap((action) => {
    const count = objects.filter((object) => object.action === action).length;
    return count === 0 ? [] : [`${count} ${action}`];
  });
  const summary = counts.length === 0 ? 'nothing was applied' : counts.join(', ');
  const head = {
    cleaned: 'Cleaned up',
    failed: 'Cannot clean up all of',
    aborted: 'Interrupted the cleanup of',
  };
  const lines = [
    `${head[outcome]} ${environment} in ${(durationMs / 1000).toFixed(1)} s: ${summary}.`,
  ];

  const failed = objects.filter(({ action }) => action === 'failed');
  lines.push(
    ...listLines(
      'Failed',
      failed.map(({ object, reason = 'unknown' }) => `${describe(object)}: ${reason}`),
    ),
  );
  const kept = groupBy(
    objects.filter(({ action }) => action === 'kept'),
    ({ reason = '' }) => reason,
  );
  for (const [reason, members] of kept) {
    lines.push(
      ...listLines(
        `Kept, ${reason}`,
        members.map(({ object }) => describe(object)),
      ),
    );
  }
  const released = objects.filter(({ action }) => action === 'released');
  lines.push(
    ...listLines(
      'Left as before the first apply',
      released.map(({ object }) => describe(object)),
    ),
  );
  if (outcome !== 'cleaned') lines.push('What is left is in the inventory: clean up again.');
  return lines;
}
