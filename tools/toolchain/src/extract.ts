import { createWriteStream } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Takes one file out of an archive, `.tar.gz` or `.zip` by its name, into a new folder. Nothing else is written.
 *
 * @returns the path of the extracted file, or undefined where the archive holds no such regular file.
 * @throws errors of the file system, and of a broken archive.
 */
export async function extractMember(
  archive: string,
  options: { readonly member: string; readonly directory: string },
): Promise<string | undefined> {
  const { member, directory } = options;
  await mkdir(directory);
  if (archive.endsWith('.zip')) return extractFromZip(archive, { member, directory });
  const { x: extract } = await import('tar');
  await extract({
    file: archive,
    cwd: directory,
    strict: true,
    filter: (path) => path === member || path === `./${member}`,
  });
  const path = join(directory, member);
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? path : undefined;
}

async function extractFromZip(
  archive: string,
  options: { readonly member: string; readonly directory: string },
): Promise<string | undefined> {
  const { member, directory } = options;
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== member) continue;
      const path = join(directory, 'member');
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
      return path;
    }
    return undefined;
  } finally {
    zip.close();
  }
}
