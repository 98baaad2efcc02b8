import { type CommandTrace, parsePath, type PathElement } from '@prow-deploy/yq-script';

/** A place of a rendered file, with all that tells it from others. */
export interface ConfigNode {
  readonly file: string;
  /** Keys and indexes from the top of the file. */
  readonly path: readonly PathElement[];
  /** Its key and, where it is no mapping or list, its value. */
  readonly own: readonly string[];
  /** Those of all that it is in, and the `name` of each of these; its own included. */
  readonly texts: ReadonlySet<string>;
  readonly type: JsonType;
  /** The command that took it away; absent for what is there. */
  readonly deletedBy?: CommandTrace;
}

/** As encoding/json of Go calls them. */
export type JsonType = 'object' | 'array' | 'string' | 'number' | 'bool' | 'null';

/** All places of a file, in the order in which they are written; the top is none. */
export function* nodesOf(file: string, value: unknown): Generator<ConfigNode> {
  yield* walk({ file, value, path: [], texts: new Set() });
}

interface Walk {
  readonly file: string;
  readonly value: unknown;
  readonly path: readonly PathElement[];
  readonly texts: ReadonlySet<string>;
}

function* walk({ file, value, path, texts }: Walk): Generator<ConfigNode> {
  for (const [step, child] of childrenOf(value)) {
    const own = [typeof step === 'string' ? step : '', scalarText(child)].filter(Boolean);
    const inside = new Set([...texts, ...own, nameOf(child)].filter(Boolean));
    const place = { file, path: [...path, step], texts: inside };
    yield { ...place, own, type: typeOf(child) };
    yield* walk({ ...place, value: child });
  }
}

/** What the commands of a script took away, as if it were there still. */
export function* deletedNodes(
  file: string,
  value: unknown,
  trace: readonly CommandTrace[],
): Generator<ConfigNode> {
  for (const command of trace) {
    for (const { action, document, path: text, oldValue } of command.locations) {
      if (action !== 'deleted' || document !== 0) continue;
      const path = parsePath(text);
      const own = [String(path.at(-1)), scalarText(oldValue)].filter(Boolean);
      const names = path.map((_step, depth) => nameOf(valueAt(value, path.slice(0, depth))));
      const steps = path.map((step) => (typeof step === 'string' ? step : ''));
      const texts = new Set([...steps, ...names, ...own, nameOf(oldValue)].filter(Boolean));
      yield { file, path, own, texts, type: typeOf(oldValue), deletedBy: command };
    }
  }
}

/** The value that a path leads to; undefined where there is none. */
export function valueAt(value: unknown, path: readonly PathElement[]): unknown {
  return path.reduce<unknown>(
    (parent, step) =>
      typeof parent === 'object' && parent !== null && Object.hasOwn(parent, step)
        ? (parent as Record<PathElement, unknown>)[step]
        : undefined,
    value,
  );
}

function childrenOf(value: unknown): [PathElement, unknown][] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [index, item]);
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function scalarText(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

function nameOf(value: unknown): string {
  const name = valueAt(value, ['name']);
  return Array.isArray(value) || typeof name !== 'string' ? '' : name;
}

function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : (typeof value as JsonType);
}
