/** Why a download did not work, as a closed set. */
export const DOWNLOAD_FAILURES = [
  /** No address, no connection, no TLS. Nothing on that host is tried again for a while. */
  'unreachable',
  /** Connected, but no answer within the deadline. Nothing on that host is tried again for a while. */
  'no-answer',
  /** An answer other than success, such as 404. */
  'http-status',
  /** The body ended before its announced length, or the connection broke. */
  'cut-off',
  /** No piece of the body within the deadline. */
  'stalled',
  /** The project publishes no file for the platform. */
  'no-release',
  /** Neither a pin nor a published digest is to be had. */
  'unverifiable',
  /** The file is not the one that is pinned or published. */
  'wrong-checksum',
  /** The published digest is not the one that was seen at the first download. */
  'checksum-changed',
  /** The archive does not hold the executable. */
  'bad-archive',
] as const;

export type DownloadFailureCode = (typeof DOWNLOAD_FAILURES)[number];

/** A download that did not work: expected, so a value. */
export interface DownloadFailure {
  readonly ok: false;
  readonly code: DownloadFailureCode;
  /** The URL, or the host where nothing on it can be had. */
  readonly where: string;
  /** Half a sentence that goes on from there. */
  readonly reason: string;
}

export function downloadFailure(
  code: DownloadFailureCode,
  where: string,
  reason: string,
): DownloadFailure {
  return { ok: false, code, where, reason };
}
