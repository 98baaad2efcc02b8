import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { listEnvironments } from '@prow-deploy/environment';
import { findVendoredCommits } from '../environments/vendored-commit.ts';
import { type FetchedFolder, fetchFolder } from '../git/fetch-folder.ts';
import { repositoryOf } from '../git/repository.ts';
import { isFullHash } from '../git/revision.ts';
import { VendorError } from '../vendor-error.ts';
import { checkCopy, listCopies } from './check-copy.ts';
import { EMPTY_SELECTION, type Selection, selectManifests } from './select-manifests.ts';
import { type Source, readSource } from './source.ts';
import { type Upstream } from './upstream.ts';
import { UNFINISHED, writeCopy } from './write-copy.ts';

export interface SyncOptions {
  readonly upstream: Upstream;
  /** A commit (all digits of its hash), a branch or a tag. */
  readonly revision: string;
  /** Repository to copy from: a URL or a path. Default: that of upstream.yaml. */
  readonly repository?: string | undefined;
  /** Folder in it. Default: that of upstream.yaml. */
  readonly path?: string | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
}

export interface SyncResult {
  /** Absolute path of the copy. */
  readonly directory: string;
  readonly source: Source;
  /** False where the copy was there already, and is what upstream has. */
  readonly written: boolean;
  /** What of it is used; absent where the copy was there already. */
  readonly selection?: Selection;
  /** Folder of the copy whose kustomization.yaml was followed; absent for the first. */
  readonly selectedAs?: string;
  readonly fetchedBytes: number;
}

/**
 * Copies upstream's folder at a commit to `vendor/<name>/<commit>`: the files as they are, what they are, and a
 * kustomization.yaml that uses of them what is used today. A copy that is there already is compared with upstream.
 *
 * @throws {VendorError} with everything as it was.
 */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  const { upstream, revision, signal } = options;
  const { fetched, source } = await fetchSource(options);
  await mkdir(upstream.directory, { recursive: true });
  await removeUnfinished(upstream.directory);
  const directory = join(upstream.directory, source.commit);
  const { fetchedBytes } = fetched;
  if (!existsSync(directory)) {
    const selected = await select(upstream, fetched);
    signal?.throwIfAborted();
    const { kustomization } = selected.selection;
    const written = await writeCopy(directory, { fetched, source, kustomization });
    if (written) return { directory, source, written, fetchedBytes, ...selected };
  }
  await compareWithUpstream(directory, source, upstream.workspaceRoot, revision);
  return { directory, source, written: false, fetchedBytes };
}

/** Fetches what is to be copied, with all that source.yaml says of it. */
export async function fetchSource(
  options: SyncOptions,
): Promise<{ readonly fetched: FetchedFolder; readonly source: Source }> {
  const { upstream, revision, path = upstream.path, signal } = options;
  const name = options.repository ?? upstream.repository;
  const repository = repositoryOf(name, upstream.workspaceRoot);
  const fetched = await fetchFolder({ repository, revision, path, signal });
  const { commit, tree, files } = fetched;
  if (isFullHash(revision) && commit.hash !== revision) {
    throw new VendorError(
      'unknown-revision',
      `Cannot use ${revision}: it is no commit, but a tag of ${commit.hash}. Give that.`,
    );
  }
  if (files.length === 0) {
    throw new VendorError(
      'no-such-path',
      `Cannot copy ${path} of ${name} at ${commit.hash}: it holds no file. Give another --path.`,
    );
  }
  return {
    fetched,
    source: {
      origin: 'upstream',
      repository: name,
      commit: commit.hash,
      date: commit.date,
      path,
      tree,
      files: files
        .map(({ path: file, mode, hash }) => ({ path: file, mode, hash }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
    },
  };
}

/** What of a new copy is to be used, by the newest copy that an environment uses. */
export async function select(
  upstream: Upstream,
  fetched: FetchedFolder,
): Promise<{ readonly selection: Selection; readonly selectedAs?: string }> {
  const { files } = fetched;
  const before = await newestInUse(upstream);
  if (!before) {
    const selection = { kustomization: EMPTY_SELECTION, kept: [], moved: [], gone: [] };
    return { selection };
  }
  const kustomization = await readFile(join(before.directory, 'kustomization.yaml'), 'utf8');
  const selection = selectManifests({ kustomization, before: before.source.files, after: files });
  return { selection, selectedAs: before.directory };
}

async function newestInUse(
  upstream: Upstream,
): Promise<{ directory: string; source: Source } | undefined> {
  const { workspaceRoot } = upstream;
  const names = await listEnvironments(workspaceRoot);
  const used = new Set(
    names.flatMap((name) =>
      findVendoredCommits(
        { directory: join(workspaceRoot, 'environments', name), workspaceRoot },
        upstream,
      )
        .map(({ directory }) => directory)
        .filter((directory) => existsSync(directory)),
    ),
  );
  // Where no environment uses one, the newest there is.
  const all = existsSync(upstream.directory) ? await listCopies(upstream) : [];
  const candidates = used.size > 0 ? [...used] : all;
  const sources = await Promise.all(
    candidates.map(async (directory) => ({
      directory,
      source: await readSource(directory, workspaceRoot),
    })),
  );
  const time = ({ source }: { source: Source }): number => Date.parse(source.date ?? '') || 0;
  return sources.sort((a, b) => time(b) - time(a))[0];
}

async function compareWithUpstream(
  directory: string,
  source: Source,
  workspaceRoot: string,
  revision: string,
): Promise<void> {
  const { source: there, problems } = await checkCopy(directory, workspaceRoot);
  const shown = relative(workspaceRoot, directory);
  if (there.tree !== source.tree) {
    throw new VendorError(
      'not-exact',
      `Cannot copy ${revision}: ${shown} is there and is another folder: ${there.path} of ${there.repository}, with the hash ${there.tree}; ${source.path} of ${source.repository} has ${source.tree}. Remove it, or give the same --repo and --path.`,
    );
  }
  if (problems.length > 0) {
    throw new VendorError(
      'not-exact',
      `Cannot copy ${revision}: ${shown} is there and was changed.\n  ${problems.map(({ message }) => message).join('\n  ')}`,
    );
  }
}

const UNFINISHED_FOR_MS = 60 * 60_000;

// What a killed run left. A run that is at work is younger.
async function removeUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory);
  for (const name of names.filter((each) => each.startsWith(UNFINISHED))) {
    const path = join(directory, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > UNFINISHED_FOR_MS) await rm(path, { recursive: true, force: true });
  }
}
