import type { KubernetesObject } from '../kubernetes-object.ts';
import { describe, identify, referenceKey } from '../object-reference.ts';
import { groupBy } from '../group-by.ts';
import { annotateTemplate } from './pod-template.ts';
import type { Reader } from './reader.ts';
import { readersOf } from './readers-of.ts';
import { contentOf, isSource, keysOf } from './source-content.ts';
import { type ConfigDocument, readConfigDocument, startPart } from './start-parts.ts';

/** The annotation of a pod template that changes with what its pods have to be restarted for. */
export const CHECKSUM_ANNOTATION = 'prow-deploy.kubevirt.io/config-checksum';

/** Digests parts, in their order. Content of Secrets is among them: the digest has to be keyed. */
export type Digest = (parts: readonly (string | Buffer)[]) => string;

/**
 * The objects, with {@link CHECKSUM_ANNOTATION} on the pod template of each workload that has to be restarted for
 * ConfigMaps and Secrets among the objects: a digest of just that content. So Kubernetes replaces the pods when that
 * changes, and for nothing else. All other objects are returned as they are.
 */
export function withChecksums(
  objects: readonly KubernetesObject[],
  digest: Digest,
): KubernetesObject[] {
  const sources = new Map(
    objects.filter(isSource).map((object) => [referenceKey(identify(object)), object]),
  );
  const readers = readersOf(objects).filter(
    ({ onChange, source }) => onChange === 'restarts' && sources.has(referenceKey(source)),
  );
  const byWorkload = groupBy(readers, ({ workload }) => referenceKey(workload));
  const documents = new Map<string, ConfigDocument>();
  return objects.map((object) => {
    const mine = byWorkload.get(referenceKey(identify(object)));
    if (mine === undefined) return object;
    const facts = mine.flatMap((reader) => {
      const source = sources.get(referenceKey(reader.source));
      return source === undefined ? [] : factsOf(reader, source, documents);
    });
    return annotateTemplate(object, CHECKSUM_ANNOTATION, digest(frame(facts)));
  });
}

/** What a part of a source's content is, and the content itself; without content, there is no such key. */
type Fact = readonly [name: string, content: string | Buffer | undefined];

function factsOf(
  reader: Reader,
  source: KubernetesObject,
  documents: Map<string, ConfigDocument>,
): Fact[] {
  const { except = [], parts } = reader;
  const keys = reader.keys ?? keysOf(source).filter((key) => !except.includes(key));
  return keys.flatMap((key): Fact[] => {
    const name = `${describe(reader.source)} ${key}`;
    const content = contentOf(source, key);
    if (parts === undefined || content === undefined) return [[name, content]];
    let document = documents.get(name);
    if (document === undefined) documents.set(name, (document = readConfigDocument(content)));
    return parts.map((part) => [`${name} ${part}`, startPart(document, part)]);
  });
}

// Each fact once, by name, and each part with its length before it: no two contents are written the same.
function frame(facts: readonly Fact[]): (string | Buffer)[] {
  const sorted = [...new Map(facts)].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([name, content]) => {
    const value = content ?? '';
    const length = content === undefined ? 'absent' : String(Buffer.byteLength(value));
    return [`${Buffer.byteLength(name)}:`, name, `${length}:`, value];
  });
}
