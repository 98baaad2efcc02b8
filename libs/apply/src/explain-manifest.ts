import type { Document, Node } from 'yaml';
import type { KubernetesObject } from './kubernetes-object.ts';
import { ManifestError } from './manifest-error.ts';
import { describe, identify, referenceKey } from './object-reference.ts';
import { isList, missingPart } from './manifest-parts.ts';
import { yaml11Scalars } from './yaml-1-1-scalars.ts';

/**
 * Reads a manifest as {@link readManifest} does, with a parser that is slow and knows the line of everything.
 *
 * @throws {ManifestError} with the line.
 */
export async function explainManifest(text: string, file: string): Promise<KubernetesObject[]> {
  const { isMap, isSeq, LineCounter, parseAllDocuments } = await import('yaml');
  const yaml11Tags = yaml11Scalars.map(({ tag, test, resolve }) => ({
    tag,
    test,
    resolve,
    default: true,
  }));
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter,
    prettyErrors: false,
    merge: true,
    customTags: (tags) => [...yaml11Tags, ...tags],
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
