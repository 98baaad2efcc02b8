import { VendorError } from '../vendor-error.ts';

/** Whether a text is all digits of a commit's hash. */
export function isFullHash(revision: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}

/** @throws {VendorError} `unknown-revision` for what is no name of a commit, branch or tag. */
export function refuseBadRevision(revision: string): void {
  // The rules of git-check-ref-format, as far as they keep a name from being read as something else.
  const isName = /^(?![-/+.^])[^\s:?*[\\~^\p{Cc}]+$/u.test(revision);
  if (isName && !/\.\.|@\{|\/\/|\.lock$|\.$|\/$/.test(revision)) return;
  throw new VendorError(
    'unknown-revision',
    `Cannot use the revision ${JSON.stringify(revision)}: it is no commit, branch or tag. Give one as --rev.`,
  );
}
