import { existsSync, realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AuditError } from '../audit-error.ts';
import { isWithin } from './read-within.ts';

/**
 * The real path of the folder that nothing may lead out of: the one that is given, else the top of the git work tree,
 * else two folders up (`environments/<name>` and `overlays/<name>` stand on `../../base`), but never the home folder,
 * the folder for temporary files, or what holds them.
 *
 * @throws {AuditError} `unreadable` where the folder is not there, `outside` where a given root does not hold it.
 */
export function auditRoot(directory: string, given?: string): string {
  const real = realFolder(directory);
  if (given !== undefined) {
    const root = realFolder(given);
    if (isWithin(root, real)) return root;
    throw new AuditError(
      'outside',
      `Cannot audit ${directory}: it is not below the root ${given}.`,
    );
  }
  return gitTop(real) ?? twoUp(real);
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new AuditError('unreadable', `Cannot audit ${path}: there is no such folder.`, { cause });
  }
}

function gitTop(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

function twoUp(directory: string): string {
  const shared = [homedir(), tmpdir()]
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
  let root = directory;
  for (let step = 0; step < 2; step += 1) {
    const up = dirname(root);
    if (shared.some((path) => isWithin(up, path))) break;
    root = up;
  }
  return root;
}
