import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Environment, findKustomization, readEnvironment } from '@prow-deploy/environment';
import { type Upstream } from '../copy/upstream.ts';
import { type RehearsalReport } from '../rehearse/rehearsal-report.ts';
import { type RehearsalOptions, rehearse } from '../rehearse/rehearse.ts';
import { VendorError } from '../vendor-error.ts';
import { tagsOf } from './follow-images.ts';
import { type Move, planMove, requireOwnLine } from './move-environment.ts';
import { vendoredCommit } from './vendored-commit.ts';
import { writeFiles } from './write-files.ts';

export interface PromoteOptions
  extends Pick<RehearsalOptions, 'kustomize' | 'signal' | 'onToolProgress'>, Omit<Move, 'tags'> {
  readonly upstream: Upstream;
  readonly environment: Environment;
  /**
   * Name of the environment whose commit, version and tags of images that follow upstream's are taken over. Default:
   * `commit` and `configVersion` say it.
   */
  readonly from?: string | undefined;
}

export interface Promotion {
  /** The lines that were changed, for people: `commit: <from> → <to>`. None where all is so already. */
  readonly changes: readonly string[];
  /** Files that were written, relative to the workspace root. */
  readonly files: readonly string[];
  /** What it comes to; absent where there was nothing to change. */
  readonly rehearsal?: RehearsalReport;
}

/**
 * Lets one environment use the vendored commit, the base configuration version and the tags of images that another uses,
 * or the commit and version that are named, and rehearses that. The lines are written whatever the rehearsal finds: what it finds is corrected on top of them.
 *
 * @throws {VendorError} with everything as it was: `not-vendored` where the copy is not there, or where a base that others
 * use too names the commit.
 */
export async function promote(options: PromoteOptions): Promise<Promotion> {
  const { upstream, environment, ...rest } = options;
  const move = await moveOf(options);
  const { files, changes } = await planMove(environment, upstream, move);
  if (files.size === 0) return { changes: [], files: [] };
  const used = vendoredCommit(environment, upstream);
  if (move.commit !== undefined && move.commit !== used.commit) requireOwnLine(environment, used);
  const { kustomize, signal, onToolProgress } = rest;
  const directory = join(upstream.directory, move.commit ?? used.commit);
  const rehearsal = await rehearse(
    {
      candidate: {
        commit: move.commit ?? used.commit,
        directory,
        remove: () => Promise.resolve(),
      },
      configVersion: move.configVersion,
      tags: move.tags,
    },
    {
      upstream,
      environments: [environment.name],
      kustomize,
      signal,
      ...(onToolProgress ? { onToolProgress } : {}),
    },
  );
  signal?.throwIfAborted();
  await writeFiles(files);
  return {
    changes,
    files: [...files.keys()].map((file) => relative(upstream.workspaceRoot, file)),
    rehearsal,
  };
}

async function moveOf(options: PromoteOptions): Promise<Move> {
  const { upstream, environment, from, commit, configVersion } = options;
  if (from === undefined) {
    if (commit !== undefined || configVersion !== undefined) return { commit, configVersion };
    throw new VendorError(
      'invalid-settings',
      `Cannot promote ${environment.name}: nothing says to what. Give --from=<environment>, or --rev=<commit>, --configVersion=<version> or both.`,
    );
  }
  if (commit !== undefined || configVersion !== undefined) {
    throw new VendorError(
      'invalid-settings',
      `Cannot promote ${environment.name}: --from=${from} and --rev or --configVersion exclude each other. Give one.`,
    );
  }
  if (from === environment.name) {
    throw new VendorError(
      'invalid-settings',
      `Cannot promote ${from} from itself. Give another environment.`,
    );
  }
  const other = await readEnvironment({ workspaceRoot: environment.workspaceRoot, name: from });
  const kustomization = findKustomization(other.directory);
  return {
    commit: vendoredCommit(other, upstream).commit,
    configVersion: other.configVersion,
    tags: tagsOf(kustomization === undefined ? '' : await readFile(kustomization, 'utf8')),
  };
}
