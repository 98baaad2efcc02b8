import { describeCounts } from '../count-actions.ts';
import type { HistoryRecord } from './history.ts';

/** A history in lines, the newest apply first. */
export function formatHistory(environment: string, history: readonly HistoryRecord[]): string[] {
  if (history.length === 0) return [`Nothing was applied to the cluster of ${environment} yet.`];
  return history.flatMap((record) => {
    const { id, at, outcome, by, commit, dirty, manifestDigest, from, counts, failure } = record;
    const source = [
      commit === undefined ? 'no commit' : `commit ${commit.slice(0, 12)}`,
      ...(dirty === true ? ['with uncommitted changes'] : []),
      ...(from === undefined ? [] : [`the manifest of apply ${from} again`]),
      `manifest ${manifestDigest.slice(0, 12)}`,
    ].join(', ');
    const what = { started: 'did not end', applied: 'applied', failed: 'failed' }[outcome];
    const done = counts === undefined ? '' : `: ${describeCounts(counts)}`;
    return [
      `${String(id).padStart(4)}  ${at.slice(0, 19)}Z  ${what}${done}`,
      `      by ${by}; ${source}`,
      ...(failure === undefined ? [] : [`      ${failure}`]),
    ];
  });
}
