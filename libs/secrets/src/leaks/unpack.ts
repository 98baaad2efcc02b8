import { constants, gunzipSync } from 'node:zlib';

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
/** How gzip begins in base64. */
const GZIP_IN_BASE64 = 'H4sI';
const DEEPEST = 3;
const LARGEST = 256 * 1024 * 1024;

/** The bytes, and all that is in them as gzip, also in base64, also within one another. */
export function* unpack(bytes: Buffer, depth = 0): Generator<Buffer> {
  yield bytes;
  if (depth === DEEPEST) return;
  for (const at of placesOf(bytes, GZIP)) {
    const content = gunzip(bytes.subarray(at));
    if (content !== undefined) yield* unpack(content, depth + 1);
  }
  for (const at of placesOf(bytes, Buffer.from(GZIP_IN_BASE64))) {
    const [text = ''] = /^[A-Za-z0-9+/_-]+/.exec(bytes.toString('latin1', at)) ?? [];
    const content = gunzip(Buffer.from(text, 'base64'));
    if (content !== undefined) yield* unpack(content, depth + 1);
  }
}

function* placesOf(bytes: Buffer, what: Buffer): Generator<number> {
  for (let at = bytes.indexOf(what); at !== -1; at = bytes.indexOf(what, at + 1)) yield at;
}

// What can be unpacked, also where the end is missing or something follows; undefined where it only looks like gzip.
function gunzip(bytes: Buffer): Buffer | undefined {
  try {
    const content = gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: LARGEST,
    });
    return content.length > 0 ? content : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') === true) return undefined;
    throw error;
  }
}
