import { type Upstream } from '../copy/upstream.ts';
import { type Commit } from '../git/parse-commit.ts';
import { listCommits } from '../git/list-commits.ts';
import { repositoryOf } from '../git/repository.ts';
import { VendorError } from '../vendor-error.ts';
import { vendoredCommit } from '../environments/vendored-commit.ts';
import { findCandidate } from './candidate.ts';
import { environmentsToRehearse } from './rehearsal-environments.ts';
import { type RehearsalReport } from './rehearsal-report.ts';
import { type RehearsalOptions, openRehearsal } from './rehearse.ts';

export interface BisectOptions extends RehearsalOptions {
  readonly upstream: Upstream;
  /** The last revision: a commit, a branch or a tag. */
  readonly revision: string;
  /** The revision to begin after. Default: the commit that the environments use today. */
  readonly from?: string | undefined;
  /** Repository and folder. Default: those of upstream.yaml. */
  readonly repository?: string | undefined;
  readonly path?: string | undefined;
  /** Told of each commit that was tried. */
  readonly onTried?: (commit: Commit, report: RehearsalReport, left: number) => void;
}

/** The first commit that breaks an environment, with its report; `first` is absent where the last one breaks none. */
export interface BisectResult {
  readonly commits: number;
  readonly tried: number;
  readonly first?: { readonly commit: Commit; readonly report: RehearsalReport };
}

/**
 * Finds the first commit after which an environment breaks, by halves: what broke is taken to stay broken. The last
 * revision is tried first.
 *
 * @throws {VendorError} as `sync` does; `not-vendored` where there is no commit to begin after.
 */
export async function bisect(options: BisectOptions): Promise<BisectResult> {
  const { upstream, revision, signal, onTried } = options;
  const { repository: name = upstream.repository, path = upstream.path } = options;
  const environments = await environmentsToRehearse(upstream, options.environments);
  const from = options.from ?? commitOfToday(upstream, environments);
  const repository = repositoryOf(name, upstream.workspaceRoot);
  const commits = await listCommits({ repository, path, from, to: revision, signal });
  const rehearsal = await openRehearsal({ ...options, environments });
  try {
    let tried = 0;
    let first: BisectResult['first'];
    const breaks = async (index: number, left: number): Promise<boolean> => {
      const commit = commits[index];
      if (!commit) return false;
      const candidate = await findCandidate({
        upstream,
        revision: commit.hash,
        repository: name,
        path,
        signal,
      });
      try {
        const report = await rehearsal.try({ candidate });
        tried += 1;
        onTried?.(commit, report, left);
        if (report.outcome !== 'broken') return false;
        first = { commit, report };
        return true;
      } finally {
        await candidate.remove();
      }
    };
    let [good, bad] = [-1, commits.length - 1];
    if (await breaks(bad, bad - good - 1)) {
      while (bad - good > 1) {
        const middle = Math.floor((good + bad) / 2);
        if (await breaks(middle, Math.floor((bad - good) / 2) - 1)) bad = middle;
        else good = middle;
      }
    }
    return { commits: commits.length, tried, ...(first ? { first } : {}) };
  } finally {
    await rehearsal.close();
  }
}

function commitOfToday(upstream: Upstream, names: readonly string[]): string {
  const { workspaceRoot } = upstream;
  const commits = new Set(
    names.map((name) => {
      const directory = `${workspaceRoot}/environments/${name}`;
      return vendoredCommit({ name, directory, workspaceRoot }, upstream).commit;
    }),
  );
  const [commit, other] = commits;
  if (commit !== undefined && other === undefined) return commit;
  throw new VendorError(
    'not-vendored',
    `Cannot tell where to begin: ${names.join(', ')} use ${[...commits].join(' and ')}. Name one environment, or give --from.`,
  );
}
