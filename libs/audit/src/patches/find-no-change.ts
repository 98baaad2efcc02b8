import { type Finding, finding } from '../finding.ts';
import { describeOperation, describeSimObject } from './describe.ts';
import type { Entry } from './entries.ts';
import type { Followed } from './follow.ts';
import { outcomeOf } from './trace-patches.ts';

/** Patches that change nothing, or whose change is undone by what follows in the same kustomization. */
export function withoutChange(operations: readonly Followed[]): Finding[] {
  const told = new Set<Entry>();
  return operations.flatMap((followed): Finding[] => {
    const { entry, operation } = followed;
    if (operation.kind !== 'json' && operation.kind !== 'merge') return [];
    const outcome = outcomeOf(followed);
    if (outcome === 'undone') return undone(followed);
    if (outcome !== 'changes-nothing' || told.has(entry)) return [];
    const own = operations.filter((each) => each.entry === entry);
    const all = own.length > 1 && own.every((each) => outcomeOf(each) === 'changes-nothing');
    if (all) told.add(entry);
    const what = all
      ? entry.name
      : `${entry.name}: ${describeOperation(operation)} (${operation.file}:${operation.line})`;
    return [
      finding(
        'patch-changes-nothing',
        `${what} changes nothing: ${objectsOf(followed)} already as it says. Remove it, or correct what it sets.`,
        place(followed),
      ),
    ];
  });
}

function undone(followed: Followed): Finding[] {
  const { entry, operation, undoneBy, followsAnyway } = followed;
  const what = `${entry.name}: ${describeOperation(operation)}`;
  if (followsAnyway) {
    return [
      finding(
        'patch-changes-nothing',
        `${what} changes nothing: kustomize writes the same by itself, because references follow the names and namespaces of what they lead to. Remove it.`,
        place(followed),
      ),
    ];
  }
  // That a kustomization above says otherwise is what kustomizations above are for.
  if (undoneBy && undoneBy.entry.level !== entry.level) return [];
  if (!undoneBy && !followed.last) return [];
  const by = undoneBy
    ? `${undoneBy.entry === entry ? describeOperation(undoneBy.operation) : undoneBy.entry.name} (${undoneBy.operation.file}:${undoneBy.operation.line})`
    : "the kustomization's namespace, names, labels or annotations";
  return [
    finding(
      'patch-undone',
      `${what} is undone by ${by}: the render is the same without it. Remove one of the two.`,
      place(followed),
    ),
  ];
}

// A patch file can be used by many entries: the entry is where it is too much.
function place({ entry, effects }: Followed) {
  const [effect] = effects;
  const object = effects.length === 1 && effect ? { object: describeSimObject(effect.before) } : {};
  return { file: entry.level.file, line: entry.line, ...object };
}

function objectsOf({ effects }: Followed): string {
  const names = effects.slice(0, 3).map(({ before }) => describeSimObject(before));
  const more = effects.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} ${effects.length === 1 ? 'is' : 'are'}`;
}
