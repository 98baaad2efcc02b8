import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseChecksum } from './checksum.ts';
import { downloadFailure, type DownloadFailure } from './download-failure.ts';
import { bodyFailure, httpGet } from './http-get.ts';
import type { ReleaseFile } from './release-file.ts';
import type { Settings } from './settings.ts';

/** The digest a release file must have, and who says so. */
export interface ExpectedChecksum {
  readonly ok: true;
  readonly sha256: string;
  readonly source: 'pinned' | 'published' | 'remembered';
}

/**
 * The pinned digest. Without a pin, the one the release publishes is trusted at the first download, remembered in a
 * file in the cache, and must never change after that.
 *
 * @throws the signal's reason.
 */
export async function expectedChecksum(
  file: ReleaseFile,
  options: { readonly rememberedIn: string; readonly settings: Settings },
): Promise<ExpectedChecksum | DownloadFailure> {
  const { rememberedIn, settings } = options;
  if (file.sha256 !== undefined) return { ok: true, sha256: file.sha256, source: 'pinned' };
  const remembered = await readRemembered(rememberedIn);
  const published = await publishedChecksum(file, settings);
  if (!published.ok) {
    if (remembered === undefined) return published;
    return { ok: true, sha256: remembered, source: 'remembered' };
  }
  if (remembered !== undefined && remembered !== published.sha256)
    return downloadFailure(
      'checksum-changed',
      file.checksums.url,
      `now publishes ${published.sha256} for ${file.name}, but ${remembered} at the first download (${rememberedIn})`,
    );
  return published;
}

async function readRemembered(path: string): Promise<string | undefined> {
  try {
    return parseChecksum(await readFile(path, 'utf8'), { format: 'digest', name: '' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function publishedChecksum(
  file: ReleaseFile,
  settings: Settings,
): Promise<ExpectedChecksum | DownloadFailure> {
  const { url, format } = file.checksums;
  const answer = await httpGet(url, settings, async ({ body }) => {
    try {
      return { ok: true as const, text: await text(body) };
    } catch (error) {
      settings.signal?.throwIfAborted();
      const failure = bodyFailure(error, url, settings.timeouts);
      if (failure) return failure;
      throw error;
    }
  });
  if (!answer.ok) return answer;
  const sha256 = parseChecksum(answer.text, { format, name: file.name });
  if (sha256 === undefined)
    return downloadFailure('unverifiable', url, `publishes no SHA-256 digest of ${file.name}`);
  return { ok: true, sha256, source: 'published' };
}
