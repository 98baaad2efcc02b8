import { valueChanges } from '../diff/value-changes.ts';
import { isFields } from '../fields.ts';
import { parseQuantity } from './quantity.ts';

/** Values that the API server puts where a field is absent, by path: `containers[].ports[].protocol`. */
export type Defaults = readonly (readonly [path: string, value: unknown])[];

/**
 * Where two values differ for the API server, as paths of {@link valueChanges}: an absent field is its default, an
 * empty mapping or list is none, and quantities are compared by what they mean.
 */
export function differences(before: unknown, after: unknown, defaults: Defaults = []): string[] {
  const [one, other] = [before, after].map((value) => plain(withDefaults(value, defaults)));
  return valueChanges(one, other).map(({ path }) => path);
}

/** The value with its defaults. */
export function withDefaults(value: unknown, defaults: Defaults): unknown {
  return defaults.reduce(
    (filled, [path, standard]) => fill(filled, path.split('.'), standard),
    value,
  );
}

function fill(value: unknown, path: readonly string[], standard: unknown): unknown {
  const [step = '', ...rest] = path;
  const name = step.replace(/\[\]$/, '');
  if (!isFields(value)) return value;
  const member = value[name];
  if (rest.length === 0) {
    if (member !== undefined && member !== null) return value;
    const found: unknown =
      typeof standard === 'function' ? (standard as (holder: unknown) => unknown)(value) : standard;
    return { ...value, [name]: found };
  }
  if (member === undefined || member === null) return value;
  const inside = step.endsWith('[]')
    ? Array.isArray(member)
      ? member.map((item: unknown) => fill(item, rest, standard))
      : member
    : fill(member, rest, standard);
  return { ...value, [name]: inside };
}

// Fields whose values are quantities, whatever they are in.
const QUANTITIES = new Set(['requests', 'limits', 'capacity', 'podFixed', 'hard', 'allocatable']);
const SINGLE_QUANTITIES = new Set(['sizeLimit', 'divisor']);

function plain(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((item: unknown) => plain(item) ?? {});
  }
  if (SINGLE_QUANTITIES.has(name)) return parseQuantity(value)?.toString() ?? value;
  if (!isFields(value)) return value ?? undefined;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const cleaned = QUANTITIES.has(name)
      ? (parseQuantity(member)?.toString() ?? member)
      : plain(member, key);
    return cleaned === undefined ? [] : [[key, cleaned] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
