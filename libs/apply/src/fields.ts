/** A mapping of an object, whose fields have no known type. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** The value as a mapping; an empty one where it is none, so that a path through absent fields ends in nothing. */
export function fields(value: unknown): Fields {
  return isFields(value) ? value : NONE;
}

/** Whether the value is a mapping. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mappings of a list; none where the value is no list. */
export function items(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

/** The value where it is a text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
