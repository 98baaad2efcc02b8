import type { KubernetesObject } from '../kubernetes-object.ts';
import { identify, type ObjectReference } from '../object-reference.ts';
import { contentOf, keysOf } from './source-content.ts';
import { readConfigDocument, START_PARTS, type StartPart, startPart } from './start-parts.ts';

/** A ConfigMap or Secret that is there already, and gets other content. */
export interface SourceChange {
  readonly source: ObjectReference;
  /** Absent: any key may have changed. */
  readonly keys?: readonly string[];
  /** The parts of a key's value that differ, by key; a key that is not named has none that count. */
  readonly parts?: Readonly<Record<string, readonly StartPart[]>>;
}

/**
 * In which keys two versions of a ConfigMap or Secret differ; `undefined` where in none. Content that is there is
 * compared as containers read it, so the form in which it is written does not count.
 */
export function compareSources(
  live: KubernetesObject,
  next: KubernetesObject,
): SourceChange | undefined {
  const keys = [...new Set([...keysOf(live), ...keysOf(next)])].sort();
  const contents = keys.map((key) => ({
    key,
    before: contentOf(live, key),
    after: contentOf(next, key),
  }));
  const changed = contents.filter(({ before, after }) =>
    before === undefined || after === undefined ? before !== after : !before.equals(after),
  );
  if (changed.length === 0) return undefined;
  // Prow's configuration is in ConfigMaps.
  const parts =
    next.kind === 'ConfigMap'
      ? changed.map(({ key, before, after }) => [key, differingParts(before, after)] as const)
      : [];
  return {
    source: identify(next),
    keys: changed.map(({ key }) => key),
    parts: Object.fromEntries(parts.filter(([, differing]) => differing.length > 0)),
  };
}

function differingParts(before: Buffer | undefined, after: Buffer | undefined): StartPart[] {
  if (before === undefined || after === undefined) return [...START_PARTS];
  const [one, other] = [readConfigDocument(before), readConfigDocument(after)];
  return START_PARTS.filter((part) => startPart(one, part) !== startPart(other, part));
}
