import { type ValueChange } from '@prow-deploy/audit';
import { type ChangedObject } from './compare-objects.ts';

const MOST_LINES = 40;
const LONGEST = 300;

/** The changes of an object's fields, as lines of a diff. Of long texts, the lines that differ. */
export function formatChanges({ object, changes }: ChangedObject): string[] {
  const lines = changes.flatMap((change) => [`  ${change.path}`, ...values(change)]);
  const shown = lines.slice(0, MOST_LINES);
  const more = lines.length - shown.length;
  return [`@@ ${object} @@`, ...shown, ...(more > 0 ? [`  … and ${more} more lines`] : [])];
}

function values(change: ValueChange): string[] {
  const [before, after] = [textOf(change, 'before'), textOf(change, 'after')];
  if (before === undefined && after === undefined) return ['  (a value that is left out)'];
  const [old, now] = [linesOf(before), linesOf(after)];
  return [
    ...without(old, now).map((line) => `- ${shorten(line)}`),
    ...without(now, old).map((line) => `+ ${shorten(line)}`),
  ];
}

function textOf(change: ValueChange, side: 'before' | 'after'): string | undefined {
  const value = change[side];
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined) return [];
  return text.includes('\n') ? text.split('\n') : [text === '' ? '""' : text];
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function shorten(line: string): string {
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}
