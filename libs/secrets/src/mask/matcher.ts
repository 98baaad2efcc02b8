/** A place in a text: from its first byte to the one behind its last. */
export interface Match<T> {
  readonly from: number;
  readonly to: number;
  readonly what: T;
}

/** Something to look for. */
export interface Pattern<T> {
  readonly bytes: Buffer;
  /** What a match is told to be. */
  readonly what: T;
  /** Whether a piece of it is looked for as well, where it is long enough for that: {@link PIECE}. */
  readonly inPieces?: boolean;
}

/** Looks for many patterns at once. */
export interface Matcher<T> {
  /** All matches, in their order; they do not overlap. */
  find(text: Buffer): Match<T>[];
  /** How many bytes at the end of a text may be the beginning of a pattern that goes on in what follows. */
  unfinished(text: Buffer): number;
  /** Length of the longest pattern. */
  readonly longest: number;
}

/** No pattern is shorter. */
export const SHORTEST = 4;

/**
 * Any piece of this many bytes is found wherever a pattern was cut: by the end of a line, or of a shortened message. A
 * piece is recognised by one of the blocks of half the length that a pattern is divided into, then read on both ways.
 */
export const PIECE = 32;
const BLOCK = PIECE / 2;

interface Anchor<T> {
  readonly pattern: Pattern<T>;
  /** Where the anchor stands within the pattern. */
  readonly at: number;
  readonly length: number;
}

/**
 * Prepares the search: one pass over the text, whatever the number of patterns. Each byte is looked up in a table by what
 * follows it, and hardly ever is there anything to compare.
 */
export function createMatcher<T>(patterns: readonly Pattern<T>[]): Matcher<T> {
  const anchors = new Map<number, Anchor<T>[]>();
  const begins = new Uint8Array(1 << 16);
  const usable = patterns.filter(({ bytes }) => bytes.length >= SHORTEST);
  for (const anchor of usable.flatMap(anchorsOf)) {
    const key = anchor.pattern.bytes.readUInt32LE(anchor.at);
    begins[hash(key)] = 1;
    anchors.set(key, [...(anchors.get(key) ?? []), anchor]);
  }
  // The longest first: what stands within it is then covered.
  for (const same of anchors.values()) same.sort((a, b) => b.length - a.length);
  const beginnings = new Set(
    usable.flatMap(({ bytes }) => [1, 2, 3].map((length) => bytes.toString('latin1', 0, length))),
  );
  const longest = usable.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);

  function find(text: Buffer): Match<T>[] {
    const matches: Match<T>[] = [];
    let done = 0;
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      const key = text.readUInt32LE(at);
      if (begins[hash(key)] === 0) continue;
      const match = longestOf(anchors.get(key) ?? [], text, at, done);
      if (match === undefined) continue;
      matches.push(match);
      done = match.to;
      at = match.to - 1;
    }
    return matches;
  }

  function unfinished(text: Buffer): number {
    for (let length = Math.min(longest - 1, text.length); length > 0; length--) {
      const tail = text.subarray(text.length - length);
      if (length >= SHORTEST ? begun(tail) : beginnings.has(tail.toString('latin1'))) return length;
    }
    return 0;
  }

  function begun(tail: Buffer): boolean {
    const key = tail.readUInt32LE(0);
    if (begins[hash(key)] === 0) return false;
    return (anchors.get(key) ?? []).some(
      ({ pattern: { bytes }, at }) =>
        at === 0 &&
        tail.length < bytes.length &&
        bytes.compare(tail, 0, tail.length, 0, tail.length) === 0,
    );
  }

  return { find, unfinished, longest };
}

function anchorsOf<T>(pattern: Pattern<T>): Anchor<T>[] {
  const { bytes, inPieces = false } = pattern;
  if (!inPieces || bytes.length < PIECE) return [{ pattern, at: 0, length: bytes.length }];
  const blocks = Math.floor(bytes.length / BLOCK);
  return Array.from({ length: blocks }, (_, index) => ({
    pattern,
    at: index * BLOCK,
    length: BLOCK,
  }));
}

function longestOf<T>(
  anchors: readonly Anchor<T>[],
  text: Buffer,
  at: number,
  done: number,
): Match<T> | undefined {
  let best: Match<T> | undefined;
  for (const anchor of anchors) {
    const { bytes, what } = anchor.pattern;
    const end = anchor.at + anchor.length;
    if (text.compare(bytes, anchor.at, end, at, Math.min(at + anchor.length, text.length)) !== 0) {
      continue;
    }
    let from = at;
    for (let i = anchor.at; i > 0 && from > done && bytes[i - 1] === text[from - 1]; i--) from--;
    let to = at + anchor.length;
    for (let i = end; i < bytes.length && to < text.length && bytes[i] === text[to]; i++) to++;
    if (best === undefined || to > best.to || (to === best.to && from < best.from)) {
      best = { from, to, what };
    }
  }
  return best;
}

function hash(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 16;
}
