import { VendorError } from '../vendor-error.ts';
import { explainFailure } from './explain-failure.ts';
import { FILE_MODES, type FileMode, type TreeFile, objectFormatOf } from './git-hash.ts';
import { type Commit, parseCommit } from './parse-commit.ts';
import { parseTree } from './parse-tree.ts';
import { type Repository } from './repository.ts';
import { isFullHash, refuseBadRevision } from './revision.ts';
import { type ScratchRepository, withScratchRepository } from './scratch-repository.ts';

/** One folder of one commit. */
export interface FetchedFolder {
  readonly commit: Commit;
  /** git's hash of the folder. */
  readonly tree: string;
  readonly files: readonly FetchedFile[];
  /** How many bytes of git objects were fetched for it. */
  readonly fetchedBytes: number;
}

export interface FetchedFile extends TreeFile {
  readonly content: Buffer;
}

export interface FetchFolderOptions {
  readonly repository: Repository;
  /** A commit (all digits of its hash), a branch or a tag. */
  readonly revision: string;
  /** Folder in the repository; `.` for all of it. */
  readonly path: string;
  /** Stops git. */
  readonly signal?: AbortSignal | undefined;
  /** How long one git command may take, in milliseconds. Default: ten minutes. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Fetches one folder of one commit: the commit without its history, the folders on the way by themselves, then
 * all of the folder, so that of a huge repository little more than the folder's own size comes over the wire. (A server
 * that knows no object filters sends the whole commit.) Works in a temporary folder that is removed again.
 *
 * @throws {VendorError} `unreachable`, `unknown-revision`, `no-such-path`, `unsupported`, `no-space`, `git-failed`.
 */
export async function fetchFolder(options: FetchFolderOptions): Promise<FetchedFolder> {
  const { repository, revision, signal, timeoutMs = 600_000 } = options;
  refuseBadRevision(revision);
  const format = isFullHash(revision) ? objectFormatOf(revision) : 'sha1';
  try {
    return await withScratchRepository(
      { repository, format, signal, timeoutMs },
      async (scratch) => {
        await scratch.fetch([revision], { filter: 'tree:0', depth: 1 });
        return readFolderOf(scratch, await readCommit(scratch, 'FETCH_HEAD'), options);
      },
    );
  } catch (error) {
    throw explainFailure(error, { ...options, doing: 'fetch' });
  }
}

/** Reads a commit that is in the scratch repository; `name` may be a tag's. */
export async function readCommit(scratch: ScratchRepository, name: string): Promise<Commit> {
  const peeled = await scratch.git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  const hash = peeled.toString('utf8').trim();
  const text = await scratch.git(['cat-file', 'commit', hash]);
  return parseCommit(hash, text.toString('utf8'));
}

/** Fetches a folder of a commit that is in the scratch repository already. */
export async function readFolderOf(
  scratch: ScratchRepository,
  commit: Commit,
  { repository, path }: Pick<FetchFolderOptions, 'repository' | 'path'>,
): Promise<FetchedFolder> {
  const tree = await findTree(scratch, commit, repository, path);
  await scratch.fetch([tree]);
  const entries = parseTree(await scratch.git(['ls-tree', '-r', '-z', '--full-tree', tree]));
  const files = entries.map(({ mode, hash, path: name }): TreeFile => {
    refuseUnsupported(mode, name, `${path} at ${commit.hash}`);
    return { path: name, mode: mode as FileMode, hash };
  });
  const contents = await readBlobs(
    scratch,
    files.map(({ hash }) => hash),
  );
  return {
    commit,
    tree,
    files: files.map((file) => ({ ...file, content: contents.get(file.hash) ?? Buffer.alloc(0) })),
    fetchedBytes: await scratch.fetchedBytes(),
  };
}

async function findTree(
  scratch: ScratchRepository,
  commit: Commit,
  repository: Repository,
  path: string,
): Promise<string> {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  let tree = commit.tree;
  for (const [index, step] of steps.entries()) {
    await scratch.fetch([tree], { filter: 'tree:0' });
    const entries = parseTree(await scratch.git(['ls-tree', '-z', '--full-tree', tree]));
    const found = entries.find((entry) => entry.path === step);
    if (found?.type !== 'tree') {
      const where = steps.slice(0, index + 1).join('/');
      const folders = entries.filter(({ type }) => type === 'tree').map((entry) => entry.path);
      const beside = steps.slice(0, index).join('/') || 'its top folder';
      const why = found ? `${where} is a ${kindOf(found.mode)}` : `there is no ${where}`;
      throw new VendorError(
        'no-such-path',
        `Cannot copy ${path} of ${repository.name} at ${commit.hash} (${commit.date}): ${why}. Folders in ${beside}: ${few(folders)}. Give another --path, or another --rev.`,
      );
    }
    tree = found.hash;
  }
  return tree;
}

function kindOf(mode: string): string {
  if (mode === '160000') return 'submodule';
  return mode === '120000' ? 'symbolic link' : 'file';
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown || 'none';
}

function refuseUnsupported(mode: string, name: string, where: string): void {
  const refuse = (why: string): never => {
    throw new VendorError(
      'unsupported',
      `Cannot copy ${where}: ${why}. An exact copy of files alone cannot hold it; choose a folder without it.`,
    );
  };
  if (mode === '160000') refuse(`${name} is a submodule, whose files are in another repository`);
  if (!(FILE_MODES as readonly string[]).includes(mode)) refuse(`${name} has the mode ${mode}`);
  if (name.split('/').some((part) => /^(?:|\.|\.\.|\.git)$/i.test(part))) {
    refuse(`${JSON.stringify(name)} is no name of a file`);
  }
}

// `git cat-file --batch` prints for each name: hash, type, size, a line feed, the bytes, a line feed.
async function readBlobs(
  scratch: ScratchRepository,
  hashes: readonly string[],
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(hashes)];
  const blobs = new Map<string, Buffer>();
  if (wanted.length === 0) return blobs;
  const output = await scratch.git(['cat-file', '--batch'], wanted.map((h) => `${h}\n`).join(''));
  for (let start = 0; start < output.length;) {
    const end = output.indexOf(10, start);
    const [hash = '', , size = '0'] = output.subarray(start, end).toString('latin1').split(' ');
    blobs.set(hash, output.subarray(end + 1, end + 1 + Number(size)));
    start = end + 1 + Number(size) + 1;
  }
  return blobs;
}
