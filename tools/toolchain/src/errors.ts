/** What can go wrong, as a closed set. */
export const TOOLCHAIN_ERROR_CODES = [
  /** A name that is not in `versions.json`. */
  'unknown-tool',
  /** Neither linux nor darwin, or neither amd64 nor arm64. */
  'unsupported-platform',
  /** An environment variable or option has a value that means nothing. */
  'bad-setting',
  /** A download's digest is not the pinned or published one, or the published one changed. Never followed by a build. */
  'wrong-checksum',
  /** A verified archive does not hold the executable that `versions.json` names. */
  'bad-archive',
  /** Every way to get the tool was tried and failed; `attempts` says how. */
  'unavailable',
  /** The file system of the cache folder is full. */
  'disk-full',
  /** The cache folder cannot be written. */
  'cache-not-writable',
  /** Another run holds the installation longer than the deadline. */
  'lock-timeout',
  /** The lock was taken away during the installation, for example after the machine slept. */
  'lock-lost',
] as const;

export type ToolchainErrorCode = (typeof TOOLCHAIN_ERROR_CODES)[number];

/** One way that was tried to get a tool, and why it failed. */
export interface Attempt {
  readonly source: 'download' | 'build';
  /** What was tried: the URL, or the Go module. */
  readonly what: string;
  readonly reason: string;
  /** What the user can do about it; undefined where there is nothing better than the other attempts' advice. */
  readonly remedy?: string | undefined;
}

export interface ToolchainErrorOptions {
  readonly cause?: unknown;
  readonly attempts?: readonly Attempt[];
}

/** Why a tool is not there. The message is complete: what, why, and what to do now. */
export class ToolchainError extends Error {
  override readonly name = 'ToolchainError';
  readonly code: ToolchainErrorCode;
  /** Each way that was tried, in order; empty where nothing was tried. */
  readonly attempts: readonly Attempt[];

  constructor(code: ToolchainErrorCode, message: string, options: ToolchainErrorOptions = {}) {
    const { cause, attempts = [] } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.attempts = attempts;
  }
}
