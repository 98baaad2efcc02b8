import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { downloadFailure, type DownloadFailure } from './download-failure.ts';
import { bodyFailure, httpGet } from './http-get.ts';
import type { Settings } from './settings.ts';

export interface Saved {
  readonly ok: true;
  readonly sha256: string;
  readonly bytes: number;
}

/** At most one report in this many milliseconds. */
const REPORT_EVERY = 100;

/**
 * Downloads a URL into a new file, and digests it on the way.
 *
 * @throws the signal's reason, and errors of the file system.
 */
export async function saveBody(
  url: string,
  options: {
    readonly file: string;
    readonly settings: Settings;
    readonly report: (bytes: number, total: number | undefined) => void;
  },
): Promise<Saved | DownloadFailure> {
  const { file, settings, report } = options;
  return httpGet(url, settings, async ({ body, total }) => {
    const hash = createHash('sha256');
    let bytes = 0;
    let reported = 0;
    report(0, total);
    const count = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        if (Date.now() - reported >= REPORT_EVERY) {
          reported = Date.now();
          report(bytes, total);
        }
        yield chunk;
      }
    };
    try {
      await pipeline(body, count, createWriteStream(file));
    } catch (error) {
      settings.signal?.throwIfAborted();
      const failure = bodyFailure(error, url, settings.timeouts);
      if (failure) return failure;
      throw error;
    }
    report(bytes, total);
    if (total !== undefined && bytes !== total)
      return downloadFailure('cut-off', url, `ended after ${bytes} of ${total} bytes`);
    return { ok: true as const, sha256: hash.digest('hex'), bytes };
  });
}

/** The SHA-256 digest of a file, as 64 hexadecimal digits. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
