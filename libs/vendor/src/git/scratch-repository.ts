import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ObjectFormat } from './git-hash.ts';
import { type Repository } from './repository.ts';
import { type RunGitOptions, runGit } from './run-git.ts';

/** An empty repository in a temporary folder that can fetch from another, piece by piece. */
export interface ScratchRepository {
  readonly directory: string;
  /** Runs git in it. Throws as {@link runGit} does. */
  git(args: readonly string[], input?: string): Promise<Buffer>;
  /**
   * Fetches commits, branches, tags or single objects: only what `filter` lets through, and with a `depth` only so
   * many commits back.
   */
  fetch(wanted: readonly string[], limits?: FetchLimits): Promise<void>;
  /** How many bytes of objects were fetched, packed. */
  fetchedBytes(): Promise<number>;
}

export interface FetchLimits {
  /** git's object filter, such as `tree:0`: no folder, no file. Default: all. */
  readonly filter?: string;
  /** How many commits back. Default: all. */
  readonly depth?: number;
  /** Only commits after this moment, as git writes it. Default: all. */
  readonly since?: string;
}

export interface ScratchOptions extends Pick<RunGitOptions, 'signal' | 'timeoutMs'> {
  readonly repository: Repository;
  readonly format?: ObjectFormat;
}

/** Works in a scratch repository, and removes it whatever happens. */
export async function withScratchRepository<T>(
  { repository, format = 'sha1', signal, timeoutMs }: ScratchOptions,
  work: (scratch: ScratchRepository) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'prow-deploy-git-'));
  const git: ScratchRepository['git'] = (args, input) =>
    runGit(args, { cwd: directory, signal, timeoutMs, ...(input === undefined ? {} : { input }) });
  try {
    await git(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, '.']);
    await appendFile(join(directory, 'config'), settings(repository));
    return await work({
      directory,
      git,
      fetch: async (wanted, { filter, depth, since } = {}) => {
        const limits = [
          ...(filter === undefined ? [] : [`--filter=${filter}`]),
          ...(depth === undefined ? [] : [`--depth=${String(depth)}`]),
          ...(since === undefined ? [] : [`--shallow-since=${since}`]),
        ];
        const args = ['fetch', '--quiet', '--no-tags', '--recurse-submodules=no', ...limits];
        await git([...args, '--stdin', 'upstream'], wanted.map((name) => `${name}\n`).join(''));
      },
      fetchedBytes: async () => {
        const counted = (await git(['count-objects', '-v'])).toString('utf8');
        const kibibytes = (name: string): number =>
          Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(counted)?.[1] ?? 0);
        return 1024 * (kibibytes('size') + kibibytes('size-pack'));
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// Git's own commands read the address from here: as an argument, one that begins with a dash would be an option.
function settings({ address, isLocal }: Repository): string {
  const quoted = JSON.stringify(address);
  return [
    '[remote "upstream"]',
    `\turl = ${quoted}`,
    '\tpromisor = true',
    // A repository on this machine filters what it sends only where it is told so; servers are.
    ...(isLocal ? ['\tuploadpack = "git -c uploadpack.allowFilter=true upload-pack"'] : []),
    '[protocol]',
    '\tversion = 2',
    '[http]',
    '\tlowSpeedLimit = 1000',
    '\tlowSpeedTime = 60',
    '[gc]',
    '\tauto = 0',
    '[maintenance]',
    '\tauto = false',
    '',
  ].join('\n');
}
