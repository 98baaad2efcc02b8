import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFolder } from '../git/read-folder.ts';

/**
 * SHA-256, in hex, of all that a check of copies reads below a folder: names, bytes, modes and links, also of files that
 * git ignores. A folder that is not there has one too.
 *
 * @throws {VendorError} `unsupported` for what git cannot hold.
 */
export async function copiesDigest(directory: string): Promise<string> {
  const files = existsSync(directory) ? await readFolder(directory) : [];
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}
