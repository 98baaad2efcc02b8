import { explainManifest } from './explain-manifest.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { isList, missingPart } from './manifest-parts.ts';
import { identify, referenceKey } from './object-reference.ts';
import { yaml11Scalars } from './yaml-1-1-scalars.ts';

/** Options of {@link readManifest}. */
export interface ReadManifestOptions {
  /** Named in errors, such as a path. Default: `manifest`. */
  readonly file?: string;
}

/**
 * Reads the objects of a multi-document YAML manifest, in its order. Empty documents are passed over, a `List` is
 * replaced by its items. Scalars are read as kubectl reads them.
 *
 * A fast parser reads what is right; only what is not is read again by one that knows lines, for the error.
 *
 * @throws {ManifestError} with the line, where the text is not YAML, something in it is no object, or an object is
 *   there twice. The message never holds more of the manifest than kinds and names.
 */
export async function readManifest(
  text: string,
  options: ReadManifestOptions = {},
): Promise<KubernetesObject[]> {
  const { file = 'manifest' } = options;
  return (await readFast(text)) ?? (await explainManifest(text, file));
}

/** What the fast parser reads; `undefined` for whatever is out of the ordinary. */
export async function readFast(text: string): Promise<KubernetesObject[] | undefined> {
  const { CORE_SCHEMA, defineScalarTag, loadAll, mergeTag, NOT_RESOLVED, Schema } =
    await import('js-yaml');
  // Under names of their own: a tag takes the place of another one of its name.
  const tags = yaml11Scalars.map(({ test, resolve }, index) =>
    defineScalarTag(`tag:prow-deploy,yaml11:${index}`, {
      implicit: true,
      resolve: (source) => (test.test(source) ? resolve(source) : NOT_RESOLVED),
      identify: () => false,
    }),
  );
  let documents: unknown[];
  try {
    documents = loadAll(text, { schema: new Schema([...tags, ...CORE_SCHEMA.tags, mergeTag]) });
  } catch {
    return undefined;
  }
  const objects = documents
    .filter((document) => document !== null && document !== undefined)
    .flatMap((document) => (isList(document) ? document.items : [document]));
  const isEach = objects.every((object) => missingPart(object) === undefined);
  if (!isEach) return undefined;
  const found = objects as KubernetesObject[];
  const keys = new Set(found.map((object) => referenceKey(identify(object))));
  return keys.size === found.length ? found : undefined;
}
