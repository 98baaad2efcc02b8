/** A mapping of a manifest, whose fields have no known type. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** The value as a mapping; an empty one where it is none, so that a path through absent fields ends in nothing. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : NONE;
}

/** The value as a list; an empty one where it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The mappings of a list. */
export function items(value: unknown): readonly Fields[] {
  return list(value).map(fields);
}

/** The value where it is a text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
