import { VendorError } from '../vendor-error.ts';
import { type Repository } from './repository.ts';
import { isFullHash } from './revision.ts';
import { GitFailure } from './run-git.ts';

export interface FailureContext {
  readonly repository: Repository;
  readonly revision: string;
  readonly path: string;
  readonly doing: 'fetch' | 'list';
}

/** What git said, as an error that says what to do; anything else as it is. */
export function explainFailure(error: unknown, context: FailureContext): unknown {
  const said = error instanceof GitFailure ? error.said : systemError(error);
  if (said === undefined) return error;
  const { repository, revision, path, doing } = context;
  const options = { cause: error };
  const what =
    doing === 'fetch'
      ? `Cannot fetch ${path} of ${repository.name} at ${revision}`
      : `Cannot list the commits of ${path} in ${repository.name} up to ${revision}`;
  if (/no space left on device|disk quota exceeded|file too large/i.test(said)) {
    return new VendorError(
      'no-space',
      `${what}: there is no room for it. Make room in the folder for temporary files (TMPDIR), then try again. ${lastLine(said)}`,
      options,
    );
  }
  if (UNKNOWN_REVISION.test(said)) {
    const abbreviated =
      /^[0-9a-f]{4,63}$/.test(revision) && !isFullHash(revision)
        ? ' Of a commit, all digits of its hash are needed.'
        : '';
    return new VendorError(
      'unknown-revision',
      `${what}: it has no such commit, branch or tag.${abbreviated} Correct --rev, or --repo.`,
      options,
    );
  }
  return new VendorError(
    'unreachable',
    `${what}: the repository cannot be read. git says: ${said}`,
    options,
  );
}

// What the file system said to us, not to git.
function systemError(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? message : undefined;
}

const UNKNOWN_REVISION =
  /couldn't find remote ref|not our ref|unadvertised object|no such remote ref|bad object/i;

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? text;
}
