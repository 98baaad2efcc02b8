/** One operation of a JSON patch, RFC 6902. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  /** JSON pointer, RFC 6901. */
  readonly path: string;
  readonly value?: unknown;
}

/** The steps of a JSON pointer. @throws {SyntaxError} for what is none. */
export function stepsOf(pointer: string): string[] {
  if (!pointer.startsWith('/')) {
    throw new SyntaxError(
      `Cannot use the path ${JSON.stringify(pointer)}: it is no JSON pointer. Write it as /spec/replicas.`,
    );
  }
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer's steps lead to; undefined where there is nothing. */
export function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return /^\d+$/.test(step) ? (at as unknown[])[Number(step)] : undefined;
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined;
  }, value);
}

/**
 * An operation with a `test` before it for each position that its path counts in a list: upstream may insert an item, and
 * the operation then fails instead of hitting another one. An item that has a name is told by it, any other by its value.
 */
export function withTests(object: unknown, operation: PatchOperation): PatchOperation[] {
  const steps = stepsOf(operation.path);
  const parts = operation.path.slice(1).split('/');
  const tests = steps.flatMap((step, index): PatchOperation[] => {
    if (!/^\d+$/.test(step) || !Array.isArray(valueAt(object, steps.slice(0, index)))) return [];
    const item = valueAt(object, steps.slice(0, index + 1));
    // Beyond the end: `add` puts it there.
    if (item === undefined) return [];
    const path = `/${parts.slice(0, index + 1).join('/')}`;
    const name = valueAt(item, ['name']);
    return typeof name === 'string'
      ? [{ op: 'test', path: `${path}/name`, value: name }]
      : [{ op: 'test', path, value: item }];
  });
  return [...tests, operation];
}
