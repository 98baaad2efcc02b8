import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { AuditError } from '../audit-error.ts';
import { MAX_FILE_BYTES } from './limits.ts';

/** Whether `path` is `root` or below it, by name alone. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * The real path of a file or folder, after all links.
 *
 * @throws {AuditError} `unreadable` where nothing is there, `outside` where it leads out of `root` (a real path).
 */
export function resolveWithin(root: string, path: string, shown = shownPath(root, path)): string {
  // By name first: of what lies outside, not even its absence is told.
  if (!isWithin(root, path)) throw outside(root, shown);
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    throw unreadable(shown, error);
  }
  if (!isWithin(root, real)) throw outside(root, shown);
  return real;
}

/**
 * Reads a regular file inside `root`; its size is asked before a byte is read.
 *
 * @throws {AuditError} `unreadable`, `outside` or `too-large`.
 */
export function readWithin(root: string, path: string, shown = shownPath(root, path)): Buffer {
  const real = resolveWithin(root, path, shown);
  try {
    const { size } = regularFile(real, shown);
    if (size > MAX_FILE_BYTES) {
      throw new AuditError(
        'too-large',
        `Cannot audit ${shown}: it has ${size} bytes; at most ${MAX_FILE_BYTES} are read. Split the file, or take it out of the kustomization.`,
      );
    }
    return readFileSync(real);
  } catch (error) {
    if (error instanceof AuditError) throw error;
    throw unreadable(shown, error);
  }
}

// A pipe or device would be read forever.
function regularFile(real: string, shown: string): { size: number } {
  const stats = statSync(real);
  if (stats.isFile()) return stats;
  throw new AuditError('unreadable', `Cannot read ${shown}: it is not a regular file.`);
}

/** A path as people are shown it. */
export function shownPath(root: string, path: string): string {
  return isWithin(root, path) ? relative(root, path) || '.' : path;
}

function outside(root: string, shown: string): AuditError {
  return new AuditError(
    'outside',
    `Cannot audit ${shown}: it leads out of ${root}. Move it inside, or name a root that holds it.`,
  );
}

function unreadable(shown: string, cause: unknown): AuditError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reason =
    code === 'ENOENT'
      ? 'it is not there'
      : cause instanceof Error
        ? cause.message
        : 'it cannot be opened';
  return new AuditError('unreadable', `Cannot read ${shown}: ${reason}.`, { cause });
}
