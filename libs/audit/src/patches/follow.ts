import type { Level, Tree } from '../load/tree.ts';
import type { Entry, Operation } from './entries.ts';
import {
  type Effect,
  type Outcome,
  type SimulateOptions,
  isUnchanged,
  levelEntries,
  simulate,
} from './simulate.ts';
import { type SimObject, sameJson } from './sim-object.ts';

/** What one operation came to, with the objects themselves. */
export interface Followed {
  readonly entry: Entry;
  readonly operation: Operation;
  readonly effects: readonly Effect[];
  /** The objects that it looked among. */
  readonly among: readonly SimObject[];
  readonly changed: boolean;
  /** Whether the render would be another one without it. */
  readonly effective: boolean;
  /** The operation after which the render is the same as without this one. */
  readonly undoneBy?: { readonly entry: Entry; readonly operation: Operation };
}

/** A kustomization followed to its end. */
export interface FollowedTree {
  readonly outcome: Outcome;
  readonly operations: readonly Followed[];
  /** Entries without which the render would be the same. */
  readonly ineffective: ReadonlySet<Entry>;
}

/**
 * Follows a kustomization, then leaves out each operation that changed something, to see whether the render is another
 * one without it.
 */
export function follow(tree: Tree, options: Pick<SimulateOptions, 'known'> = {}): FollowedTree {
  const seen = new Map<string, Visit>();
  for (const level of usedLevels(tree.top)) {
    for (const entry of levelEntries(level)) {
      for (const operation of entry.operations) {
        seen.set(operation.id, { entry, operation, effects: [], among: [], position: -1 });
      }
    }
  }
  let position = 0;
  const outcome = simulate(tree.top, {
    ...options,
    onOperation: (_entry, operation, effects, among) => {
      const visit = seen.get(operation.id);
      if (!visit) return;
      visit.effects.push(...effects);
      visit.among.push(...among);
      visit.position = position;
      position += 1;
    },
  });
  const operations = [...seen.values()].map((visit) =>
    followed(tree, options, outcome, seen, visit),
  );
  const entries = new Set(operations.map(({ entry }) => entry));
  const ineffective = [...entries].filter((entry) => {
    const own = operations.filter((each) => each.entry === entry);
    if (own.every(({ changed }) => !changed)) return true;
    if (own.length === 1) return own.every(({ effective }) => !effective);
    return sameRender(outcome, simulate(tree.top, { ...options, without: entryId(entry) }));
  });
  return { outcome, operations, ineffective: new Set(ineffective) };
}

/** Every kustomization that the render goes through, once. */
export function usedLevels(top: Level): Level[] {
  const levels = new Set<Level>();
  const visit = (level: Level): void => {
    if (levels.has(level)) return;
    levels.add(level);
    for (const resource of level.resources) if (resource.kind === 'level') visit(resource.level);
    level.components.forEach(visit);
  };
  visit(top);
  return [...levels];
}

interface Visit {
  readonly entry: Entry;
  readonly operation: Operation;
  readonly effects: Effect[];
  readonly among: SimObject[];
  position: number;
}

function followed(
  tree: Tree,
  options: Pick<SimulateOptions, 'known'>,
  outcome: Outcome,
  seen: ReadonlyMap<string, Visit>,
  { entry, operation, effects, among, position }: Visit,
): Followed {
  const changed = effects.some((effect) => !isUnchanged(effect));
  const result = { entry, operation, effects, among, changed };
  if (!changed || 'failure' in outcome) return { ...result, effective: changed };
  // Where the objects that it changed become the same as without it, and by what.
  const open = new Set(
    effects.filter((effect) => !isUnchanged(effect)).map(({ before }) => plainKey(before)),
  );
  let last: Followed['undoneBy'];
  const other = simulate(tree.top, {
    ...options,
    without: operation.id,
    onOperation: (laterEntry, later, laterEffects) => {
      const visit = seen.get(later.id);
      if (!visit || visit.position < position) return;
      for (const { before, after } of laterEffects) {
        const key = plainKey(before);
        if (!open.has(key)) continue;
        const real = visit.effects.find((effect) => plainKey(effect.before) === key);
        if (real && sameJson(real.after?.value, after?.value)) {
          open.delete(key);
          last = { entry: laterEntry, operation: later };
        }
      }
    },
  });
  const effective = !sameRender(outcome, other);
  return {
    ...result,
    effective,
    ...(!effective && open.size === 0 && last ? { undoneBy: last } : {}),
  };
}

function sameRender(a: Outcome, b: Outcome): boolean {
  if ('failure' in a || 'failure' in b) return false;
  if (a.objects.length !== b.objects.length) return false;
  return a.objects.every((object, index) => {
    const other = b.objects[index];
    return (
      other !== undefined && object.hashed === other.hashed && sameJson(object.value, other.value)
    );
  });
}

// The key without the places through which a base came.
function plainKey({ key }: SimObject): string {
  return key.replace(/^(?:\d+\/)+/, '');
}

function entryId({ level, field, index }: Entry): string {
  return `${level.file}#${field}[${index}]`;
}
