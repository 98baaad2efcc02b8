import { type ValueChange } from '@prow-deploy/audit';

const LONGEST = 100;

/** A value in a sentence: on one line, not too long. */
export function shortText(value: unknown): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** Whether two items of a list are likely the same thing, changed: one flag with two values, maps that are mostly equal. */
export function resembles(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const flag = /^--?[\w-]+(?==|$)/;
  const [one, other] = [flag.exec(a)?.[0], flag.exec(b)?.[0]];
  if (one !== undefined || other !== undefined) return one === other;
  const [map, another] = [parseMap(a), parseMap(b)];
  if (!map || !another) return false;
  const fields = new Set([...Object.keys(map), ...Object.keys(another)]);
  const same = [...fields].filter(
    (field) => JSON.stringify(map[field]) === JSON.stringify(another[field]),
  );
  return 2 * same.length >= fields.size;
}

function parseMap(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** What of a text was replaced: what is left of it without what both texts begin and end with. */
export function replacedPart({ before, after }: ValueChange): string | undefined {
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return before.slice(start, before.length - end);
}
