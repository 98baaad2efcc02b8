import { VendorError } from '../vendor-error.ts';

export interface RunGitOptions {
  /** Folder that git runs in. */
  readonly cwd: string;
  /** What git reads. Default: nothing. */
  readonly input?: string;
  /** Stops git, and the programs that it started. */
  readonly signal?: AbortSignal | undefined;
  /** How long git may take, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** git did not do what it was asked for; `said` is what it printed. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
  readonly said: string;

  constructor(said: string, options?: ErrorOptions) {
    super(`git says: ${said}`, options);
    this.said = said;
  }
}

// A hook or an alias that starts us has set these for its own repository.
const OF_ANOTHER_REPOSITORY = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
];

/**
 * Runs git, gives the bytes that it prints. It never asks for anything: neither a password nor a host's key.
 *
 * @throws {GitFailure} where git fails.
 * @throws {VendorError} `git-failed` where there is no git.
 */
export async function runGit(args: readonly string[], options: RunGitOptions): Promise<Buffer> {
  const { cwd, input = '', signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const { execa } = await import('execa');
  const result = await execa('git', args, {
    cwd,
    input,
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    env: {
      ...Object.fromEntries(OF_ANOTHER_REPOSITORY.map((name) => [name, undefined])),
      GIT_TERMINAL_PROMPT: '0',
      GIT_SSH_COMMAND: process.env['GIT_SSH_COMMAND'] ?? 'ssh -oBatchMode=yes',
      // Its messages are told apart below.
      LC_ALL: 'C',
    },
    ...(signal ? { cancelSignal: signal } : {}),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    forceKillAfterDelay: 3000,
  });
  signal?.throwIfAborted();
  if (!result.failed) return Buffer.from(result.stdout);
  if (result.code === 'ENOENT') {
    throw new VendorError(
      'git-failed',
      'Cannot run git: there is no such program. Install git 2.29 or newer.',
      { cause: result },
    );
  }
  if (result.timedOut) {
    throw new GitFailure(`nothing, for ${String((timeoutMs ?? 0) / 1000)} s`, { cause: result });
  }
  const said = Buffer.from(result.stderr).toString('utf8').trim();
  throw new GitFailure(said === '' ? (result.shortMessage ?? 'nothing') : said, {
    cause: result,
  });
}
