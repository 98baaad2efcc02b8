import { structuredPatch } from 'diff';
import type { FieldChange } from './diff-fields.ts';

/** Options of {@link formatFieldChanges}. */
export interface FormatFieldChangesOptions {
  /** Put before each line. Default: nothing. */
  readonly indent?: string;
}

const CONTEXT = 3;
const LINES_AT_MOST = 60;
const CHARACTERS_AT_MOST = 160;

/**
 * Changes in lines: `.spec.replicas: 1 -> 2`, `+ .path: value`, `- .path: value`; a text of several lines as a unified
 * diff. What is long is cut, and said to be. Nothing in a value can write to a terminal.
 */
export function formatFieldChanges(
  changes: readonly FieldChange[],
  { indent = '' }: FormatFieldChangesOptions = {},
): string[] {
  return changes.flatMap((change) => changeLines(change).map((line) => `${indent}${line}`));
}

function changeLines(change: FieldChange): string[] {
  const { path, before, after, masked = false } = change;
  const shown = (value: unknown) => (masked ? String(value) : scalar(value));
  if (!('before' in change)) return [`+ ${printable(path)}: ${shown(after)}`];
  if (!('after' in change)) return [`- ${printable(path)}: ${shown(before)}`];
  if (
    typeof before === 'string' &&
    typeof after === 'string' &&
    `${before}${after}`.includes('\n')
  ) {
    return [`${printable(path)}:`, ...textLines(before, after).map((line) => `  ${line}`)];
  }
  return [`${printable(path)}: ${shown(before)} -> ${shown(after)}`];
}

function textLines(before: string, after: string): string[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: CONTEXT });
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map((line) => printable(cut(line))),
  ]);
  const more = lines.length - LINES_AT_MOST;
  return more > 0 ? [...lines.slice(0, LINES_AT_MOST), `… and ${more} more lines`] : lines;
}

function scalar(value: unknown): string {
  return cut(printable(JSON.stringify(value)));
}

function cut(text: string): string {
  return text.length <= CHARACTERS_AT_MOST ? text : `${text.slice(0, CHARACTERS_AT_MOST - 1)}…`;
}

// Control characters, and those that turn the direction of writing, as JSON writes them.
function printable(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
