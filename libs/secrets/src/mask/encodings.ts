/** How a secret is written where it is found. */
export const ENCODINGS = ['as it is', 'JSON', 'URL', 'base64', 'hex'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One way in which a secret may be written. */
export interface Encoded {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/**
 * All ways in which programs write a value: as it is, inside of a JSON string (also one within another), in a URL (of a
 * path, of a form), in base64 (also of a URL) at each of the three places where it may begin within a longer text, in hex.
 */
export function encodingsOf(value: Buffer): Encoded[] {
  const text = value.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(value);
  const texts: [Encoding, string][] = isText
    ? [
        ['JSON', inJson(text)],
        ['JSON', inJson(inJson(text))],
        // Go's encoding/json writes these three for browsers' sake.
        ['JSON', inJson(text).replaceAll(/[<>&]/g, escapeForHtml)],
        ['URL', inUrl(text)],
        ['URL', inUrl(text).replaceAll(/%../g, (escape) => escape.toLowerCase())],
        ['URL', inUrl(text).replaceAll('%20', '+')],
      ]
    : [];
  return [
    { encoding: 'as it is', bytes: value },
    ...texts.map(([encoding, encoded]) => ({ encoding, bytes: Buffer.from(encoded, 'utf8') })),
    ...[0, 1, 2]
      .flatMap((before) => inBase64(value, before))
      .map((encoded) => ({ encoding: 'base64' as const, bytes: Buffer.from(encoded) })),
    { encoding: 'hex', bytes: Buffer.from(value.toString('hex')) },
    { encoding: 'hex', bytes: Buffer.from(value.toString('hex').toUpperCase()) },
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeForHtml(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function inUrl(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

// What stays the same whatever stands before and behind the value: its first and last characters there hold bits of
// these. `before` bytes of them fill the group of three in which the value begins.
function inBase64(value: Buffer, before: number): string[] {
  const first = Math.ceil((before * 8) / 6);
  const last = Math.floor(((before + value.length) * 8) / 6);
  const text = Buffer.concat([Buffer.alloc(before), value])
    .toString('base64')
    .slice(first, last);
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}
