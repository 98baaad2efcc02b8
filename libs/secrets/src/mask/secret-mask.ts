import { type Encoding, encodingsOf } from './encodings.ts';
import { createMatcher, type Matcher, type Pattern } from './matcher.ts';
import { partsOf } from './parts-of.ts';

/** What stands in place of a secret. */
export const MASK = '(masked)';

/** What a match is: which secret, and how it is written. Holds nothing of the value. */
export interface FoundSecret {
  /** Name of the secret, such as `ibmcloud-staging: hmac-token/hmac`. */
  readonly name: string;
  readonly encoding: Encoding;
  readonly isWord: boolean;
  /** Length of the pattern, in bytes. */
  readonly length: number;
}

/** Masks a text that comes in chunks: a value that is cut in two is masked all the same. */
export interface MaskStream {
  /** What may be shown by now. The beginning of what may become a secret waits for the next chunk. */
  write(chunk: Buffer): Buffer;
  /** The rest. The beginning of a secret stays masked where it is long enough to be one. */
  end(): Buffer;
}

/** Takes secrets out of texts. All that it has learned is looked for, in every text from then on. */
export interface SecretMask {
  /** Learns a value, however it is written: {@link encodingsOf}, {@link partsOf}. */
  learn(name: string, value: Buffer): void;
  /** Learns what everybody may read, such as the boilerplate: what stands in it is not masked. */
  learnPublic(text: string): void;
  text(text: string): string;
  bytes(bytes: Buffer): Buffer;
  stream(): MaskStream;
  /** How many values it has learned. */
  size(): number;
  /** What it looks for, prepared. */
  matcher(): Matcher<FoundSecret>;
}

const BASE64 = /[A-Za-z0-9+/_-]/;
const WORD = /[A-Za-z0-9_]/;

/** Makes a mask that knows nothing yet. Preparing the search is put off until there is a text to mask. */
export function createMask(): SecretMask {
  const values = new Map<string, { name: string; value: Buffer }>();
  let known = '';
  let matcher: Matcher<FoundSecret> | undefined;

  const prepared = (): Matcher<FoundSecret> => (matcher ??= prepare([...values.values()], known));
  const bytes = (text: Buffer): Buffer => replace(text, prepared());
  return {
    learn: (name, value) => {
      const key = value.toString('latin1');
      if (values.has(key) || value.length === 0) return;
      values.set(key, { name, value });
      matcher = undefined;
    },
    learnPublic: (text) => {
      if (known.includes(text)) return;
      known += `\n${text}`;
      matcher = undefined;
    },
    bytes,
    text: (text) => {
      if (values.size === 0) return text;
      const given = Buffer.from(text, 'utf8');
      const masked = bytes(given);
      return masked === given ? text : masked.toString('utf8');
    },
    stream: () => maskStream(prepared),
    size: () => values.size,
    matcher: prepared,
  };
}

function prepare(
  values: readonly { readonly name: string; readonly value: Buffer }[],
  known: string,
): Matcher<FoundSecret> {
  const patterns = new Map<string, Pattern<FoundSecret>>();
  for (const { name, value } of values) {
    for (const { bytes, isWord, inPieces } of partsOf(value, (text) => known.includes(text))) {
      for (const form of encodingsOf(bytes)) {
        if (isWord && form.encoding !== 'as it is') continue;
        const key = form.bytes.toString('latin1');
        if (patterns.has(key)) continue;
        const { length } = form.bytes;
        const what = { name, encoding: form.encoding, isWord, length };
        patterns.set(key, { bytes: form.bytes, what, inPieces });
      }
    }
  }
  return createMatcher([...patterns.values()]);
}

function replace(text: Buffer, matcher: Matcher<FoundSecret>): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { from, to, what } of matcher.find(text)) {
    if (what.isWord && !standsAlone(text, from, to)) continue;
    const start = what.encoding === 'base64' ? extend(text, from, -1, done) : from;
    const end = what.encoding === 'base64' ? extend(text, to, 1, text.length) : to;
    if (end <= done) continue;
    parts.push(text.subarray(done, Math.max(start, done)), Buffer.from(MASK));
    done = end;
  }
  if (parts.length === 0) return text;
  return Buffer.concat([...parts, text.subarray(done)]);
}

/** Whether what stands from one byte to another is no part of a longer word. */
export function standsAlone(text: Buffer, from: number, to: number): boolean {
  const isWordAt = (at: number): boolean => {
    const byte = text[at];
    return byte !== undefined && WORD.test(String.fromCharCode(byte));
  };
  return !isWordAt(from - 1) && !isWordAt(to);
}

// The characters beside it hold some of its bits as well; and what fills it up says how long it is.
function extend(text: Buffer, from: number, step: 1 | -1, limit: number): number {
  let at = from;
  const next = (): string => {
    const index = step === 1 ? at : at - 1;
    return index === limit && step === 1 ? '' : String.fromCharCode(text[index] ?? 0);
  };
  for (let count = 0; count < 3 && at !== limit && BASE64.test(next()); count++) at += step;
  for (let count = 0; step === 1 && count < 2 && at !== limit && next() === '='; count++) at += 1;
  return at;
}

function maskStream(matcher: () => Matcher<FoundSecret>): MaskStream {
  let held: Buffer = Buffer.alloc(0);
  return {
    write: (chunk) => {
      const text = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const search = matcher();
      const open = text.length - search.unfinished(text);
      // What ends with a secret may look like the beginning of another one.
      const spanning = search.find(text).find(({ from, to }) => from < open && to > open);
      const cut = spanning?.to ?? open;
      held = Buffer.from(text.subarray(cut));
      return replace(text.subarray(0, cut), search);
    },
    end: () => {
      const rest = held;
      held = Buffer.alloc(0);
      return rest.length >= 8 ? Buffer.from(MASK) : rest;
    },
  };
}
