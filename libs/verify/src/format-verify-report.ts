import { listLines } from '@prow-deploy/apply';
import { CHECKS, type VerifyReport } from './verify-report.ts';

/** A report in at most 30 or so short lines: what passed, what failed and why, what could not be checked. */
export function formatVerifyReport(report: VerifyReport): string[] {
  const { outcome, environment, passed, failed, notPossible, durationMs } = report;
  const counts = CHECKS.flatMap((name) => {
    const count = passed.filter(({ check }) => check === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  const head = {
    passed: `Verified ${environment}`,
    failed: `Cannot verify ${environment}: ${failed.length} checks failed`,
    aborted: `Interrupted the verification of ${environment}`,
  };
  return [
    `${head[outcome]} after ${(durationMs / 1000).toFixed(1)} s.`,
    `Passed (${passed.length}): ${counts.length === 0 ? 'none' : counts.join(', ')}.`,
    ...listLines(
      'Failed',
      failed.map(({ check, object, reason = '' }) => `${check}: ${object}: ${reason}`),
    ),
    ...listLines(
      'Not checked',
      notPossible.map(({ what, reason }) => `${what} (${reason})`),
    ),
  ];
}
