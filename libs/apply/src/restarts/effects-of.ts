import { groupBy } from '../group-by.ts';
import { describe, type ObjectReference, referenceKey } from '../object-reference.ts';
import type { SourceChange } from './changes.ts';
import { ON_CHANGE, type OnChange, type Reader } from './reader.ts';

/** What changed ConfigMaps and Secrets do to one workload. */
export interface Effect {
  readonly workload: ObjectReference;
  readonly onChange: OnChange;
  /** Those of the changed that do this, in the order in which they were given. */
  readonly sources: readonly ObjectReference[];
  /** Why, of the first of them. */
  readonly because: string;
}

/**
 * What the changed ConfigMaps and Secrets do to those who read them: the strongest effect per workload, the strongest
 * first.
 *
 * `changed` names what is there already and gets other content, as `compareSources` finds it. One that comes under a
 * new name (kustomize's hash) changes the pod template that names it: that is a change of the workload, and not one
 * of these. Where a change does not say which parts of a file differ, none of those counts that a program takes at
 * start only.
 */
export function effectsOf(readers: readonly Reader[], changed: readonly SourceChange[]): Effect[] {
  const byWorkload = groupBy(readers, ({ workload }) => referenceKey(workload));
  const effects = [...byWorkload.values()].flatMap((group): Effect[] => {
    const hits = changed.flatMap((change) => group.filter((reader) => isHit(reader, change)));
    const onChange = ON_CHANGE.find((each) => hits.some((reader) => reader.onChange === each));
    const strongest = hits.filter((reader) => reader.onChange === onChange);
    const [first] = strongest;
    if (first === undefined) return [];
    const sources = new Map(strongest.map(({ source }) => [referenceKey(source), source]));
    const { workload, because } = first;
    return [{ workload, onChange: first.onChange, sources: [...sources.values()], because }];
  });
  return ON_CHANGE.flatMap((each) => effects.filter(({ onChange }) => onChange === each));
}

/** An effect in one line: `Deployment prow/deck restarts for Secret prow/cookie: deck reads --cookie-secret at start only`. */
export function describeEffect({ workload, onChange, sources, because }: Effect): string {
  const does = onChange === 'stale' ? 'keeps what it has' : onChange;
  const what = sources.map(describe).join(', ');
  return `${describe(workload)} ${does} for ${what}: ${because}`;
}

function isHit(reader: Reader, change: SourceChange): boolean {
  if (referenceKey(reader.source) !== referenceKey(change.source)) return false;
  const { keys, except = [], parts } = reader;
  const reads = (key: string) => (keys === undefined ? !except.includes(key) : keys.includes(key));
  if (parts !== undefined) {
    return Object.entries(change.parts ?? {}).some(
      ([key, differing]) => reads(key) && differing.some((part) => parts.includes(part)),
    );
  }
  return change.keys === undefined || change.keys.some(reads);
}
