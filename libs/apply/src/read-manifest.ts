import type { Document, Node } from 'yaml';
import type { KubernetesObject } from './kubernetes-object.ts';
import { ManifestError } from './manifest-error.ts';
import { describe, identify, referenceKey } from './object-reference.ts';
import { yaml11Scalars } from './yaml-1-1-scalars.ts';

/** Options of {@link readManifest}. */
export interface ReadManifestOptions {
  /** Named in errors, such as a path. Default: `manifest`. */
  readonly file?: string;
}

/**
 * Reads the objects of a multi-document YAML manifest, in its order. Empty documents are passed over, a `List` is
 * replaced by its items.
 *
 * @throws {ManifestError} with the line, where the text is not YAML, something in it is no object, or an object is
 *   there twice. The message never holds more of the manifest than kinds and names.
 */
export async function readManifest(
  text: string,
  options: ReadManifestOptions = {},
): Promise<KubernetesObject[]> {
  const { file = 'manifest' } = options;
  const { isMap, isSeq, LineCounter, parseAllDocuments } = await import('yaml');
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter,
    prettyErrors: false,
    merge: true,
    customTags: (tags) => [...yaml11Scalars, ...tags],
  });
  const lineAt = (offset: number | undefined) => lineCounter.linePos(offset ?? 0).line;
  const lineOf = (node: unknown) => lineAt((node as Node | null)?.range?.[0]);

  const objects: KubernetesObject[] = [];
  const firstLines = new Map<string, number>();

  const add = (value: unknown, node: unknown) => {
    const line = lineOf(node);
    const missing = missingPart(value);
    if (missing !== undefined) {
      throw new ManifestError(
        'not-an-object',
        line,
        `Cannot read ${file}:${line}: ${missing}. Write it as a Kubernetes object with apiVersion, kind and metadata.name.`,
      );
    }
    const object = value as KubernetesObject;
    const key = referenceKey(identify(object));
    const first = firstLines.get(key);
    if (first !== undefined) {
      throw new ManifestError(
        'duplicate',
        line,
        `Cannot read ${file}:${line}: ${describe(identify(object))} is there already, at line ${first}. Remove one of them.`,
      );
    }
    firstLines.set(key, line);
    objects.push(object);
  };

  // An empty text is answered by an empty array that has errors of its own.
  for (const document of Array.isArray(documents) ? (documents as Document[]) : []) {
    const error = document.errors[0];
    if (error !== undefined) {
      const line = lineAt(error.pos[0]);
      // The parser's own message may quote the text, and the text may hold a secret.
      throw new ManifestError(
        'syntax',
        line,
        `Cannot read ${file}:${line}: it is not valid YAML (${error.code}). Correct it there.`,
      );
    }
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (value === null || value === undefined) continue;
    if (isList(value)) {
      const items = isMap(document.contents) ? document.contents.get('items', true) : undefined;
      value.items.forEach((item, index) => {
        add(item, isSeq(items) ? items.items[index] : document.contents);
      });
    } else {
      add(value, document.contents);
    }
  }
  return objects;
}

function isList(value: unknown): value is { items: unknown[] } {
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

// Says what keeps a value from being an object; `undefined` where it is one.
function missingPart(value: unknown): string | undefined {
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
