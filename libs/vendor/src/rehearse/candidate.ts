import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkCopy } from '../copy/check-copy.ts';
import { type SyncOptions, fetchSource, select } from '../copy/sync.ts';
import { writeCopy } from '../copy/write-copy.ts';
import { isFullHash } from '../git/revision.ts';
import { VendorError } from '../vendor-error.ts';

/** A copy to be tried. */
export interface Candidate {
  /** Name of its folder. */
  readonly commit: string;
  /** Absolute path of it: below `vendor/`, or in a temporary folder. */
  readonly directory: string;
  /** Removes what is temporary. */
  remove(): Promise<void>;
}

/**
 * The copy of a revision: the one below `vendor/` where it is there, else one in a temporary folder.
 *
 * @throws {VendorError} as `sync` does.
 */
export async function findCandidate(options: SyncOptions): Promise<Candidate> {
  const { upstream, revision } = options;
  const directory = join(upstream.directory, revision);
  if (!isFullHash(revision) || !existsSync(directory)) return fetchCandidate(options);
  const { problems } = await checkCopy(directory, upstream.workspaceRoot);
  if (problems.length > 0) {
    throw new VendorError(
      'not-exact',
      `Cannot rehearse ${relative(upstream.workspaceRoot, directory)}: it was changed.\n  ${problems.map(({ message }) => message).join('\n  ')}`,
    );
  }
  return { commit: revision, directory, remove: () => Promise.resolve() };
}

async function fetchCandidate(options: SyncOptions): Promise<Candidate> {
  const { fetched, source } = await fetchSource(options);
  const { selection } = await select(options.upstream, fetched);
  const root = await realpath(await mkdtemp(join(tmpdir(), 'prow-deploy-candidate-')));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    const directory = join(root, source.commit);
    await writeCopy(directory, { fetched, source, kustomization: selection.kustomization });
    return { commit: source.commit, directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
