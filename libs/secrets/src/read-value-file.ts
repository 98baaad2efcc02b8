import { readFile, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';

/** A value as it was found. */
export type FoundValue =
  | {
      readonly state: 'read';
      readonly bytes: Buffer;
      /** When the value was last changed, as far as its source knows. */
      readonly changedAt: Date;
    }
  /** `says` follows the name of the file, and holds nothing of the value. */
  | { readonly state: 'missing' | 'unreadable'; readonly says: string };

/** Reads the file of a value. A link is followed as long as it does not lead out of `folder`. Never throws. */
export async function readValueFile(file: string, folder: string): Promise<FoundValue> {
  try {
    const [path, root] = await Promise.all([realpath(file), realpath(folder)]);
    if (!path.startsWith(root + sep)) {
      return { state: 'unreadable', says: 'is a link that leads out of the folder' };
    }
    const { mtime } = await stat(path);
    return { state: 'read', bytes: await readFile(path), changedAt: mtime };
  } catch (error) {
    return failure((error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

function failure(code: string): FoundValue {
  switch (code) {
    case 'ENOENT':
      return { state: 'missing', says: 'is missing' };
    case 'ENOTDIR':
      return { state: 'unreadable', says: 'is missing: there is a file in place of its folder' };
    case 'EISDIR':
      return { state: 'unreadable', says: 'is a folder, and must be a file' };
    case 'EACCES':
    case 'EPERM':
      return { state: 'unreadable', says: 'cannot be read: it belongs to somebody else' };
    case 'ELOOP':
      return { state: 'unreadable', says: 'cannot be read: it is a link to itself' };
    default:
      return { state: 'unreadable', says: `cannot be read (${code})` };
  }
}
