const words = new Map<string, string>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, '!!null'] as const),
  ...['true', 'True', 'TRUE', 'false', 'False', 'FALSE'].map((word) => [word, '!!bool'] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, '!!float'] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'].map(
    (word) => [word, '!!float'] as const,
  ),
  ['<<', '!!merge'],
]);

const integer = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const timestamp =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?)?$/;

/**
 * The tag that plain text resolves to, by the rules of the YAML library inside yq 3.4.1: YAML 1.1
 * numbers (`0755`, `1_000`) and dates, but YAML 1.2 booleans (`yes`, `no`, `on` and `y` are text).
 */
export function resolveTag(text: string): string {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (/^\./.test(text)) return float.test(text) ? '!!float' : '!!str';
  if (!/^[-+0-9]/.test(text)) return '!!str';
  if (timestamp.test(text)) return '!!timestamp';
  const digits = text.replaceAll('_', '');
  if (integer.test(digits)) return fitsInteger(digits) ? '!!int' : fallback(digits);
  return fallback(digits);
}

/** What a scalar of the tag means to a program; a number beyond the safe integers stays text. */
export function resolveScalar(tag: string, text: string): unknown {
  switch (tag) {
    case '!!null':
      return null;
    case '!!bool':
      return text.toLowerCase() === 'true';
    case '!!int':
      return toInteger(text.replaceAll('_', '')) ?? text;
    case '!!float':
      return toFloat(text.replaceAll('_', '').toLowerCase());
    default:
      return text;
  }
}

const fallback = (digits: string): string => (float.test(digits) ? '!!float' : '!!str');

function toBigInt(digits: string): bigint | undefined {
  const negative = digits.startsWith('-');
  const body = digits.replace(/^[-+]/, '').toLowerCase();
  if (!integer.test(body)) return undefined;
  const magnitude = BigInt(/^0[0-7]/.test(body) ? `0o${body.slice(1)}` : body);
  return negative ? -magnitude : magnitude;
}

function fitsInteger(digits: string): boolean {
  const value = toBigInt(digits);
  return value !== undefined && value >= -(2n ** 63n) && value < 2n ** 64n;
}

function toInteger(digits: string): number | undefined {
  const value = toBigInt(digits);
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toFloat(digits: string): number {
  if (digits.endsWith('.nan')) return NaN;
  if (digits.endsWith('.inf')) return digits.startsWith('-') ? -Infinity : Infinity;
  return Number(digits);
}
