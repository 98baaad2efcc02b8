/**
 * One step of a path: a number is an index, a text is a key or a pattern. yq does not remember
 * quotes: `"*"` and `*` are the same element.
 */
export type PathElement = number | string;

const integerText = /^[-+]?[0-9]+$/;

/**
 * Splits a path into its elements as yq 3.4.1 does.
 *
 * - `a.b` keys; `"a.b"` and `(a.b)` one key with a dot in it; `a.b.c` may end with one dot more
 * - `[2]`, `[-1]` an index; any other text in brackets is a key (`["a"]` is the key `"a"`, with its quotes)
 * - behind a closing bracket, quote or parenthesis one character is skipped, whatever it is: `m[1][0]`
 *   is m, 1, and the key `0]`
 * - what is not closed reaches to the end
 */
export function parsePath(path: string): PathElement[] {
  const elements: PathElement[] = [];
  let rest = path;
  while (rest !== '') {
    const { element, remaining } = nextElement(rest);
    elements.push(element);
    rest = remaining;
  }
  return elements;
}

interface NextElement {
  readonly element: PathElement;
  readonly remaining: string;
}

function nextElement(path: string): NextElement {
  if (path.startsWith('[')) {
    const { element, remaining } = enclosedElement(path, ']');
    return { element: parseInteger(element) ?? element, remaining };
  }
  if (path.startsWith('"')) return enclosedElement(path, '"');
  if (path.startsWith('(')) return enclosedElement(path, ')');
  const end = path.search(/[.["(]/);
  if (end < 0) return { element: path, remaining: '' };
  return { element: path.slice(0, end), remaining: path.slice(path[end] === '.' ? end + 1 : end) };
}

function enclosedElement(path: string, close: string): { element: string; remaining: string } {
  const end = path.indexOf(close, 1);
  if (end < 0) return { element: path.slice(1), remaining: '' };
  return { element: path.slice(1, end), remaining: path.slice(end + 2) };
}

/** The number that a text spells in decimal within 64 bits; no underscores, no other base. */
export function parseInteger(text: string): number | undefined {
  if (!integerText.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value === BigInt.asIntN(64, value) ? Number(value) : undefined;
}

/** Writes a concrete path (keys as text, indexes as numbers) so that yq reads it as the same elements. */
export function formatPath(elements: readonly PathElement[]): string {
  let text = '';
  for (const element of elements) {
    if (typeof element === 'number') {
      // One character is skipped behind a bracket or quote: `[0].[1]`, not `[0][1]`.
      text += /[\])"]$/.test(text) ? `.[${element}]` : `[${element}]`;
    } else {
      if (text !== '') text += '.';
      text += formatKey(element);
    }
  }
  return text;
}

function formatKey(key: string): string {
  if (key !== '' && !/[.["()\]\s]/.test(key)) return key;
  return key.includes('"') ? `(${key})` : `"${key}"`;
}
