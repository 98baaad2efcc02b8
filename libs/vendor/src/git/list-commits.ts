import { explainFailure } from './explain-failure.ts';
import { readCommit } from './fetch-folder.ts';
import { type Commit } from './parse-commit.ts';
import { type Repository } from './repository.ts';
import { refuseBadRevision } from './revision.ts';
import { withScratchRepository } from './scratch-repository.ts';

export interface ListCommitsOptions {
  readonly repository: Repository;
  readonly path: string;
  /** The revision to begin after: a commit, a branch or a tag. */
  readonly from: string;
  /** The last revision. */
  readonly to: string;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
  /** How long one git command may take, in milliseconds. Default: half an hour. */
  readonly timeoutMs?: number | undefined;
}

/**
 * The commits between two revisions that touch a folder, the oldest first: those of the main line, where a merge
 * stands for what it brought. Fetches commits and folders since the first of the two, and no file.
 *
 * @throws {VendorError} `unreachable`, `unknown-revision`, `no-space`, `git-failed`.
 */
export async function listCommits(options: ListCommitsOptions): Promise<Commit[]> {
  const { repository, path, from, to, signal, timeoutMs = 1_800_000 } = options;
  refuseBadRevision(from);
  refuseBadRevision(to);
  let revision = from;
  try {
    return await withScratchRepository({ repository, signal, timeoutMs }, async (scratch) => {
      await scratch.fetch([from], { filter: 'tree:0', depth: 1 });
      const first = await readCommit(scratch, 'FETCH_HEAD');
      revision = to;
      // From the second before: a depth of history ends at commits that are older.
      const since = new Date(Date.parse(first.date) - 1000).toISOString();
      await scratch.fetch([to], { filter: 'blob:none', since });
      const last = await readCommit(scratch, 'FETCH_HEAD');
      const format = ['%H', '%T', '%cI', '%s'].join('%x01');
      const range = [last.hash, `^${first.hash}`, '--', path];
      const log = ['log', '-z', '--first-parent', '--reverse', `--format=${format}`, ...range];
      const entries = (await scratch.git(log)).toString('utf8').split('\0');
      return entries.filter(Boolean).map((entry): Commit => {
        const [hash = '', tree = '', date = '', subject = ''] = entry.split('\u0001');
        return { hash, tree, date, subject };
      });
    });
  } catch (error) {
    throw explainFailure(error, { repository, revision, path, doing: 'list' });
  }
}
