import type { LeakReport } from './find-leaks.ts';

/** The report as lines for people. */
export function formatLeaks({ leaks, secrets, places }: LeakReport): string[] {
  if (secrets === 0) {
    return ['There are no secrets to look for. Run copy-secrets, then this again.'];
  }
  const where = `${places} files and git objects`;
  if (leaks.length === 0) return [`None of ${secrets} secrets is in ${where}.`];
  return [
    ...leaks.map(
      ({ place, line, secret, encoding }) =>
        `${place}${line === undefined ? '' : `:${line}`}: holds a value of ${secret} (${encoding})`,
    ),
    `Found secrets in ${new Set(leaks.map(({ place }) => place)).size} of ${where}. Make them anew at their source: ` +
      'whoever can read these places knows them. Then remove them there, from commits as well.',
  ];
}
