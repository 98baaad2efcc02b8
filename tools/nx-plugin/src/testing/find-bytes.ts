import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Which of the values stand in the bytes: as they are, in base64 at each offset, in hex, in all of these within gzip.
 * Simple on purpose, and nothing of it is ours: it proves what libs/secrets does.
 */
export function findBytes(bytes: Buffer, values: ReadonlyMap<string, string>): string[] {
  const contents = [bytes];
  for (let at = bytes.indexOf('\x1f\x8b\x08', 'latin1'); at !== -1;) {
    try {
      contents.push(gunzipSync(bytes.subarray(at)));
    } catch {
      // Looks like the beginning of gzip, and is none.
    }
    at = bytes.indexOf('\x1f\x8b\x08', at + 1, 'latin1');
  }
  return [...values]
    .filter(([, value]) =>
      formsOf(value).some((form) => contents.some((content) => content.includes(form))),
    )
    .map(([name]) => name);
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    encodeURIComponent(value),
    bytes.toString('hex'),
    ...[0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(3)])
        .toString('base64')
        .slice(4, Math.floor(((offset + bytes.length) * 8) / 6)),
    ),
  ];
}

/** All files below a folder, except where `isLeftOut`; links are not followed. */
export async function* filesBelow(
  folder: string,
  isLeftOut: (path: string) => boolean,
): AsyncGenerator<{ path: string; bytes: Buffer }> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isLeftOut(path)) continue;
    if (entry.isDirectory()) yield* filesBelow(path, isLeftOut);
    else if (entry.isFile()) yield { path, bytes: await readFile(path) };
  }
}
