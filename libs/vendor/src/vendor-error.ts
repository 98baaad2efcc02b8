export const VENDOR_ERROR_CODES = [
  /** `upstream.yaml` or `source.yaml` is absent or wrong. */
  'invalid-settings',
  /** git is not installed, or failed in a way that has no code of its own. */
  'git-failed',
  /** The repository cannot be reached or read. */
  'unreachable',
  /** The repository has no such commit, branch or tag. */
  'unknown-revision',
  /** The folder is not there at that commit. */
  'no-such-path',
  /** The folder holds what cannot be copied exactly: a submodule, a name that is no text. */
  'unsupported',
  /** There is no room for the copy. */
  'no-space',
  /** A copy is not what its source.yaml says. */
  'not-exact',
  /** No folder of this commit is there, or no environment uses one. */
  'not-vendored',
] as const;
export type VendorErrorCode = (typeof VENDOR_ERROR_CODES)[number];

/** Upstream's manifests could not be copied, proved or used. Nothing was left half-written. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly code: VendorErrorCode;

  constructor(code: VendorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
