/** What git says of a working tree. */
export interface GitStatus {
  /** Hash of the commit that is checked out; `undefined` before the first. */
  readonly commit: string | undefined;
  /** Files that are not as in that commit, tracked or neither tracked nor ignored; relative to the root of the checkout. */
  readonly changed: readonly string[];
}

/** Why there is none, as a part of a sentence: no checkout, no git. */
export interface NoGitStatus {
  readonly reason: string;
}

/**
 * Asks git, in one process, without changing anything in the checkout. `pathspecs` narrow the files down; they are
 * relative to `directory`.
 */
export async function gitStatus(
  directory: string,
  pathspecs: readonly string[] = [],
): Promise<GitStatus | NoGitStatus> {
  const { execa } = await import('execa');
  const { stdout, stderr, exitCode, code } = await execa(
    'git',
    [
      '--no-optional-locks',
      'status',
      '--porcelain=v2',
      '--branch',
      '--untracked-files=all',
      '--ignore-submodules=none',
      '-z',
      '--',
      ...pathspecs,
    ],
    { cwd: directory, reject: false, env: { LC_ALL: 'C' } },
  );
  if (code === 'ENOENT') return { reason: 'git is not installed' };
  if (exitCode !== 0) return { reason: (stderr.split('\n')[0] ?? '').replace(/^fatal: /, '') };
  return parseStatus(stdout);
}

/**
 * Reads `git status --porcelain=v2 --branch -z`.
 *
 * @see https://git-scm.com/docs/git-status#_porcelain_format_version_2
 */
export function parseStatus(text: string): GitStatus {
  let commit: string | undefined;
  const changed: string[] = [];
  const records = text.split('\0');
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] ?? '';
    const oid = /^# branch\.oid ([0-9a-f]+)$/.exec(record)?.[1];
    if (oid !== undefined) commit = oid;
    const path = PATHS.map((pattern) => pattern.exec(record)?.[1]).find((found) => found);
    if (path !== undefined) changed.push(path);
    // The name before comes as a record of its own.
    if (record.startsWith('2 ')) index += 1;
  }
  return { commit, changed };
}

// Changed; renamed or copied; unmerged; untracked. A path may hold spaces and line breaks, and comes last.
const PATHS = [
  /^1(?: \S+){7} ([^]+)$/,
  /^2(?: \S+){8} ([^]+)$/,
  /^u(?: \S+){9} ([^]+)$/,
  /^\? ([^]+)$/,
];
