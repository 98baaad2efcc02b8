import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ToolchainError } from './errors.ts';
import type { OnProgress } from './progress.ts';
import { platformOf, type Platform } from './platform.ts';

/** Which ways are tried, in which order. */
export const SOURCE_PREFERENCES = ['download-first', 'build-first', 'download', 'build'] as const;

export type SourcePreference = (typeof SOURCE_PREFERENCES)[number];

/** Deadlines in milliseconds. */
export interface Timeouts {
  /** To look up a host and connect to it. Default: 3000. */
  readonly connect: number;
  /** For the first byte of an answer. Default: 10000. */
  readonly answer: number;
  /** Between two pieces of a body. Default: 30000. */
  readonly stall: number;
  /** For the build of one Go module. Default: one hour. */
  readonly build: number;
  /** For another run's installation. Default: one hour. */
  readonly lock: number;
}

export interface ToolchainOptions {
  /** Stops the download or the build, and removes what it wrote. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens; `printProgress` makes one for people. Default: nobody is told. */
  readonly onProgress?: OnProgress | undefined;
  /**
   * `download` and `build` allow that way only. Default: the environment variable PROW_DEPLOY_TOOLCHAIN, which takes
   * the same words, or else `download-first`.
   */
  readonly source?: SourcePreference | undefined;
  /**
   * Base URL that stands in for the scheme and host of every official URL, whose paths stay as they are:
   * `https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kubectl` is read from
   * `<mirror>/release/v1.36.3/bin/linux/amd64/kubectl`. So a mirror is a folder with the paths of all hosts side by
   * side (`release/…`, `kubernetes-sigs/…`, `etcd-io/…`). Default: the environment variable PROW_DEPLOY_MIRROR, or none.
   */
  readonly mirror?: string | undefined;
  /** Default: `prow-deploy` in $XDG_CACHE_HOME or `~/.cache`. Tools are in `toolchain` below it. */
  readonly cacheDirectory?: string | undefined;
  /** Default: as `Timeouts` says, each. */
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/** The options, the environment and the machine, resolved. */
export interface Settings {
  readonly platform: Platform;
  /** Absolute path of the folder that holds a folder per tool. */
  readonly toolDirectory: string;
  readonly source: SourcePreference;
  readonly mirror: string | undefined;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress;
}

/** @throws {ToolchainError} `bad-setting`, `unsupported-platform`. */
export function resolveSettings(
  options: ToolchainOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const { signal, onProgress = () => undefined, timeouts } = options;
  const xdg = environment['XDG_CACHE_HOME'];
  // The XDG specification has relative paths ignored.
  const caches = xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  const cacheDirectory = options.cacheDirectory ?? join(caches, 'prow-deploy');
  return {
    platform: platformOf(process.platform, process.arch),
    toolDirectory: join(cacheDirectory, 'toolchain'),
    source: sourcePreference(options.source ?? environment['PROW_DEPLOY_TOOLCHAIN']),
    mirror: mirrorBase(options.mirror ?? environment['PROW_DEPLOY_MIRROR']),
    timeouts: {
      connect: 3_000,
      answer: 10_000,
      stall: 30_000,
      build: 3_600_000,
      lock: 3_600_000,
      ...timeouts,
    },
    signal,
    onProgress,
  };
}

function sourcePreference(word: string | undefined): SourcePreference {
  if (!word) return 'download-first';
  const known = SOURCE_PREFERENCES.find((preference) => preference === word);
  if (known) return known;
  throw new ToolchainError(
    'bad-setting',
    `Cannot use PROW_DEPLOY_TOOLCHAIN=${word}: it is none of ${SOURCE_PREFERENCES.join(', ')}. Set one of these, or unset it.`,
  );
}

/** Refuses a mirror with a password in it, because URLs are shown in progress and errors. */
function mirrorBase(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const problem =
    url?.protocol !== 'http:' && url?.protocol !== 'https:'
      ? 'it is not an http or https URL'
      : url.username || url.password
        ? 'it holds a user name or password, which would show up in messages'
        : url.search || url.hash
          ? 'it has a query or fragment'
          : undefined;
  if (!problem) return text.replace(/\/+$/, '');
  throw new ToolchainError(
    'bad-setting',
    `Cannot use the mirror of PROW_DEPLOY_MIRROR: ${problem}. Give a base URL such as https://mirror.example.org/releases.`,
  );
}
