/** Whether a value is a `List`, or a list of one kind. */
export function isList(value: unknown): value is { items: unknown[] } {
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

/** Says what keeps a value from being an object; `undefined` where it is one. */
export function missingPart(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'this is no mapping';
  }
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  if (typeof kind !== 'string' || kind === '') return 'it has no kind';
  if (typeof apiVersion !== 'string' || apiVersion === '') return `this ${kind} has no apiVersion`;
  const { name, generateName } = (metadata ?? {}) as Record<string, unknown>;
  if (typeof name === 'string' && name !== '') return undefined;
  return typeof generateName === 'string'
    ? `this ${kind} has generateName in place of a name, and would be made anew by every apply`
    : `this ${kind} has no metadata.name`;
}
