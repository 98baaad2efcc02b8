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
    const what = all ? entry.name : `${entry.name}: ${describeOperation(operation)}`;
    return [
      finding(
        'patch-changes-nothing',
        `${what} changes nothing: ${objectsOf(followed)} so already. Remove it, or correct what it sets.`,
        place(followed, all),
      ),
    ];
  });
}

// That a kustomization above says otherwise is what kustomizations above are for.
function undone(followed: Followed): Finding[] {
  const { entry, operation, undoneBy } = followed;
  if (!undoneBy || undoneBy.entry.level !== entry.level) return [];
  const by = undoneBy.entry === entry ? describeOperation(undoneBy.operation) : undoneBy.entry.name;
  return [
    finding(
      'patch-undone',
      `${entry.name}: ${describeOperation(operation)} is undone by ${by} (${undoneBy.operation.file}:${undoneBy.operation.line}): the render is the same without it. Remove one of the two.`,
      place(followed, false),
    ),
  ];
}

function place({ entry, operation, effects }: Followed, whole: boolean) {
  const [effect] = effects;
  const object = effects.length === 1 && effect ? { object: describeSimObject(effect.before) } : {};
  return whole || operation.kind === 'merge'
    ? { file: entry.level.file, line: entry.line, ...object }
    : { file: operation.file, line: operation.line, ...object };
}

function objectsOf({ effects }: Followed): string {
  const names = effects.slice(0, 3).map(({ before }) => describeSimObject(before));
  const more = effects.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''} ${effects.length === 1 ? 'is' : 'are'}`;
}
