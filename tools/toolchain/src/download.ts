import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ToolEntry } from './catalogue.ts';
import { downloadFailure, type DownloadFailure } from './download-failure.ts';
import { expectedChecksum } from './expected-checksum.ts';
import { extractMember } from './extract.ts';
import { releaseFile } from './release-file.ts';
import { fileSha256, saveBody, type Saved } from './save-body.ts';
import type { Settings } from './settings.ts';

/** A verified executable in the temporary folder. */
export interface Downloaded {
  readonly ok: true;
  readonly executable: string;
  readonly url: string;
  /** Digest of the release's file, and of the executable. */
  readonly releaseSha256: string;
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly tool: string;
  readonly entry: ToolEntry;
  /** An existing temporary folder. */
  readonly directory: string;
  readonly settings: Settings;
}

/** Who publishes a tool that is always built. */
export const NOBODY = 'nobody';

/** Before the one retry of a download that broke off. */
const RETRY_AFTER = 500;

/**
 * Downloads a tool's official release into a temporary folder, verifies it, and takes it out of its archive.
 *
 * @throws the signal's reason, and errors of the file system.
 */
export async function download(options: DownloadOptions): Promise<Downloaded | DownloadFailure> {
  const { tool, entry, directory, settings } = options;
  const file = releaseFile(entry, settings);
  if (!file) {
    return entry.release
      ? downloadFailure(
          'no-release',
          new URL(entry.release.url).origin,
          `publishes no ${tool} for ${settings.platform}`,
        )
      : downloadFailure('no-release', NOBODY, `publishes this ${tool}`);
  }
  const rememberedIn = join(
    settings.toolDirectory,
    tool,
    `${entry.version}-${settings.platform}.sha256`,
  );
  const expected = await expectedChecksum(file, { rememberedIn, settings });
  if (!expected.ok) return expected;

  const path = join(directory, file.name);
  const saved = await saveWithOneRetry(file.url, { tool, path, settings });
  if (!saved.ok) return saved;

  settings.onProgress({ type: 'verifying', tool, sha256: expected.sha256 });
  if (saved.sha256 !== expected.sha256)
    return downloadFailure(
      'wrong-checksum',
      file.url,
      `gave a file with SHA-256 ${saved.sha256}, but ${expected.sha256} is ${expected.source}`,
    );
  if (expected.source === 'published') await remember(rememberedIn, expected.sha256);

  const { url, member } = file;
  const releaseSha256 = saved.sha256;
  if (member === undefined)
    return { ok: true, executable: path, url, releaseSha256, sha256: releaseSha256 };
  const executable = await extractMember(path, { member, directory: join(directory, 'archive') });
  if (executable === undefined)
    return downloadFailure('bad-archive', url, `holds no file ${member}`);
  return { ok: true, executable, url, releaseSha256, sha256: await fileSha256(executable) };
}

async function saveWithOneRetry(
  url: string,
  options: { readonly tool: string; readonly path: string; readonly settings: Settings },
): Promise<Saved | DownloadFailure> {
  const { tool, path, settings } = options;
  const { signal, onProgress } = settings;
  const once = () =>
    saveBody(url, {
      file: path,
      settings,
      report: (bytes, total) => {
        onProgress({ type: 'downloading', tool, url, bytes, total });
      },
    });
  const first = await once();
  if (first.ok || first.code !== 'cut-off') return first;
  await delay(RETRY_AFTER);
  signal?.throwIfAborted();
  return once();
}

async function remember(path: string, sha256: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, `${sha256}\n`);
  await rename(`${path}.part`, path);
}
