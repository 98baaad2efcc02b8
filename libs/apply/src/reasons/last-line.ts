import { stripVTControlCharacters } from 'node:util';
import { isFields, text } from '../fields.ts';

/**
 * The last line of a log that says something; `undefined` where there is none. Of a log that was cut off, what follows
 * the last newline is left out: it may be a part of a value that nobody would recognize, and mask. A line of JSON that
 * has a message, as Prow's components write, is that message with its error.
 */
export function lastLine(log: string, { isCut = false } = {}): string | undefined {
  const lines = stripVTControlCharacters(log).split(/[\r\n]+/);
  if (isCut) lines.pop();
  const line = lines.map((each) => each.trim()).findLast((each) => each !== '');
  return line === undefined ? undefined : readable(line);
}

function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const entry: unknown = JSON.parse(line);
    if (!isFields(entry)) return line;
    const said = [text(entry['msg']) ?? text(entry['message']), text(entry['error'])];
    return said.filter((part) => part !== undefined).join(': ') || line;
  } catch {
    // It only looks like JSON.
    return line;
  }
}
