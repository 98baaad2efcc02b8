import { styleText } from 'node:util';

const COLOURS = [
  [/^ *\+/, 'green'],
  [/^ *-/, 'red'],
  [/^ *@@/, 'cyan'],
  [/^create /, 'green'],
  [/^(?:prune|conflict|reject) /, 'red'],
  [/^(?:change|restart) /, 'yellow'],
] as const;

/** A line of a plan in colour, where the output is a terminal and nobody asked for none (NO_COLOR). */
export function colourDiff(line: string): string {
  // Not FORCE_COLOR: Nx sets it for its tasks, also where its own output goes to a file.
  const { NO_COLOR: none = '' } = process.env;
  if (none !== '' || !process.stdout.isTTY) return line;
  const colour = COLOURS.find(([pattern]) => pattern.test(line))?.[1];
  return colour === undefined ? line : styleText(colour, line);
}
