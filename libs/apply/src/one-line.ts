import { stripVTControlCharacters } from 'node:util';

// Also what turns the direction of writing around.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu;

/**
 * A text of another program as one line that cannot write anywhere else on a terminal, shortened to so many characters.
 */
export function oneLine(text: string, atMost = Infinity): string {
  const line = stripVTControlCharacters(text).replace(UNPRINTABLE, ' ').trim();
  if (line.length <= atMost) return line;
  return `${line.slice(0, atMost - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
