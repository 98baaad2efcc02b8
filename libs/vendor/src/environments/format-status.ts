import { type ClusterStatus, type EnvironmentStatus } from './environment-status.ts';

const HEAD = ['ENVIRONMENT', 'VENDORED COMMIT', 'AGE', 'IMAGES', 'CONFIG', 'LAST APPLY', 'DRIFT'];
// As kubectl prints tables: columns by spaces alone, so that they can be cut and searched.
const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '   ',
};

/** Where the environments stand, as the lines of a table; below it what could not be told, and why. */
export async function formatStatus(
  all: readonly EnvironmentStatus[],
  now: Date = new Date(),
): Promise<string[]> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(HEAD, ...all.map((status) => row(status, now)));
  const lines = table.toString().split('\n');
  return [...lines.map((line) => line.trimEnd()), ...all.flatMap(reasons)];
}

function row({ environment, builtFrom, images, cluster }: EnvironmentStatus, now: Date): string[] {
  const { commit, date, configVersion } = builtFrom ?? {};
  const age = date === undefined ? (builtFrom === undefined ? '?' : 'starter') : ageOf(date, now);
  return [
    environment,
    commit?.slice(0, 12) ?? '?',
    age,
    tagsOf(images),
    configVersion ?? '?',
    lastApplyOf(cluster, now),
    driftOf(cluster),
  ];
}

function tagsOf(images: EnvironmentStatus['images']): string {
  if (images === undefined) return '?';
  return [...new Set(images.map(({ from }) => from))].join(', ') || '-';
}

function lastApplyOf(cluster: ClusterStatus, now: Date): string {
  if (cluster.outcome !== 'read') return cluster.outcome === 'down' ? 'no cluster' : 'unknown';
  const { lastApply } = cluster;
  if (lastApply === undefined) return 'never';
  const outcome = { applied: '', failed: ', failed', started: ', did not end' }[lastApply.outcome];
  return `${lastApply.at.slice(0, 16)}Z (${ageOf(lastApply.at, now)})${outcome}`;
}

function driftOf(cluster: ClusterStatus): string {
  if (cluster.outcome === 'unknown') return 'unknown';
  if (cluster.outcome === 'down' || cluster.lastApply === undefined) return '-';
  return cluster.drift ?? 'none';
}

function reasons({ environment, problem, images = [], cluster }: EnvironmentStatus): string[] {
  return [
    ...images.flatMap(({ name, from, to }) =>
      to === undefined ? [] : [`image ${name} is at ${from}, its vendored commit at ${to}`],
    ),
    ...(problem === undefined ? [] : [problem]),
    ...(cluster.outcome === 'unknown' ? [cluster.reason] : []),
  ].map((reason) => `${environment}: ${reason}`);
}

/** How long ago a moment was, as kubectl writes ages: `40s`, `5m`, `3h`, `120d`. */
export function ageOf(date: string, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - Date.parse(date)) / 1000);
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
