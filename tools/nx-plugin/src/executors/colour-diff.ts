import { styleText } from 'node:util';

const COLOURS = [
  [/^ *\+/, 'green'],
  [/^ *-/, 'red'],
  [/^ *@@/, 'cyan'],
  [/^create /, 'green'],
  [/^(?:prune|conflict|reject) /, 'red'],
  [/^(?:change|restart) /, 'yellow'],
] as const;

/** A line of a plan in colour, where the output is a terminal that has colours and nobody asked for none. */
export function colourDiff(line: string): string {
  const { NO_COLOR: none = '', FORCE_COLOR: force = '' } = process.env;
  const wanted = force === '' ? process.stdout.isTTY : force !== '0';
  if (none !== '' || !wanted) return line;
  const colour = COLOURS.find(([pattern]) => pattern.test(line))?.[1];
  return colour === undefined ? line : styleText(colour, line);
}
