import type { Level, Tree } from '../load/tree.ts';
import type { Entry, Operation } from './entries.ts';
import {
  type Effect,
  type Outcome,
  type SimulateOptions,
  isUnchanged,
  levelEntries,
  plainKey,
  simulate,
} from './simulate.ts';
import { followNames } from './follow-names.ts';
import { type SimObject, idOf, sameId, sameJson } from './sim-object.ts';

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
  /** Whether kustomize writes the same at the very end, when names in references follow. */
  readonly followsAnyway: boolean;
  /** Whether its kustomization is the one that was asked for, so that none above it has the last word. */
  readonly last: boolean;
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
export function follow(
  tree: Tree,
  options: Pick<SimulateOptions, 'known' | 'plugins'> = {},
): FollowedTree {
  const seen = new Map<string, Visit>();
  for (const level of usedLevels(tree.top)) {
    for (const entry of levelEntries(level)) {
      for (const operation of entry.operations) {
        seen.set(operation.id, { entry, operation, effects: [], among: [], position: -1 });
      }
    }
  }
  let position = 0;
  const sources = new Set<string>();
  const outcome = simulate(tree.top, {
    ...options,
    onSource: (object) => sources.add(plainKey(object)),
    onOperation: (_entry, operation, effects, among) => {
      const visit = seen.get(operation.id);
      if (!visit) return;
      visit.effects.push(...effects);
      visit.among.push(...among);
      visit.position = position;
      position += 1;
    },
  });
  const again = new Again(tree, options, outcome, sources);
  const operations = [...seen.values()].map((visit) => followed(again, seen, visit));
  const entries = new Set(operations.map(({ entry }) => entry));
  const ineffective = [...entries].filter((entry) => {
    const own = operations.filter((each) => each.entry === entry);
    if (own.every(({ changed }) => !changed)) return true;
    if (own.length === 1) return own.every(({ effective }) => !effective);
    const effects = own.flatMap((each) => each.effects);
    return again.render(entryId(entry), effects) !== 'other';
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

// Follows once more without an operation, and only the objects that it changed: operations look at each by itself.
class Again {
  readonly #top: Level;
  readonly #options: Pick<SimulateOptions, 'known' | 'plugins'>;
  readonly #outcome: Outcome;
  readonly #sources: ReadonlySet<string>;
  readonly #byKey: ReadonlyMap<string, SimObject>;

  constructor(
    tree: Tree,
    options: Pick<SimulateOptions, 'known' | 'plugins'>,
    outcome: Outcome,
    sources: ReadonlySet<string>,
  ) {
    this.#top = tree.top;
    this.#options = options;
    this.#outcome = outcome;
    this.#sources = sources;
    const objects = 'objects' in outcome ? outcome.objects : [];
    this.#byKey = new Map(objects.map((object) => [object.key, object]));
  }

  isTop(level: Level): boolean {
    return level === this.#top;
  }

  /**
   * What the render would be without the operation or entry of this id, which has these effects: another one, the same,
   * or the same because names in references follow.
   */
  render(
    without: string,
    effects: readonly Effect[],
    onOperation?: SimulateOptions['onOperation'],
  ): 'other' | 'same' | 'same by names' {
    if ('failure' in this.#outcome) return 'other';
    const touched = new Set(
      effects.filter((effect) => !isUnchanged(effect)).map(({ before }) => plainKey(before)),
    );
    // What is copied from a changed object changes others.
    const alone = !this.#options.known && [...touched].every((key) => !this.#sources.has(key));
    const other = simulate(this.#top, {
      ...this.#options,
      without,
      ...(alone ? { only: new Set([...touched, ...this.#sources]) } : {}),
      ...(onOperation ? { onOperation } : {}),
    });
    if ('failure' in other) return 'other';
    const rest = new Map(other.objects.map((object) => [object.key, object]));
    const keys = [...new Set([...this.#byKey.keys(), ...rest.keys()])];
    const found = keys
      .filter((key) => !alone || touched.has(plainKey({ key })))
      .map((key) => this.#compare(this.#byKey.get(key), rest.get(key)));
    if (found.includes('other')) return 'other';
    return found.includes('same by names') ? 'same by names' : 'same';
  }

  #compare(a: SimObject | undefined, b: SimObject | undefined): 'other' | 'same' | 'same by names' {
    if (!a || !b || a.hashed !== b.hashed) return 'other';
    if (sameJson(a.value, b.value)) return 'same';
    if (a.hashed || !sameId(idOf(a.value), idOf(b.value))) return 'other';
    // Names in references are written at the very end, over what a patch said.
    const all = [...this.#byKey.values()];
    return sameJson(followNames(a, all), followNames(b, all)) ? 'same by names' : 'other';
  }
}

function followed(
  again: Again,
  seen: ReadonlyMap<string, Visit>,
  { entry, operation, effects, among, position }: Visit,
): Followed {
  const changed = effects.some((effect) => !isUnchanged(effect));
  const last = again.isTop(entry.level);
  const result = { entry, operation, effects, among, changed, last };
  if (!changed) return { ...result, effective: false, followsAnyway: false };
  // Where the objects that it changed become the same as without it, and by what.
  const open = new Set(
    effects.filter((effect) => !isUnchanged(effect)).map(({ before }) => plainKey(before)),
  );
  let undoneBy: Followed['undoneBy'];
  const render = again.render(operation.id, effects, (laterEntry, later, laterEffects) => {
    const visit = seen.get(later.id);
    if (!visit || visit.position < position) return;
    for (const { before, after } of laterEffects) {
      const key = plainKey(before);
      if (!open.has(key)) continue;
      const real = visit.effects.find((effect) => plainKey(effect.before) === key);
      if (real && sameJson(real.after?.value, after?.value)) {
        open.delete(key);
        undoneBy = { entry: laterEntry, operation: later };
      }
    }
  });
  const effective = render === 'other';
  return {
    ...result,
    effective,
    followsAnyway: render === 'same by names',
    ...(!effective && open.size === 0 && undoneBy ? { undoneBy } : {}),
  };
}

function entryId({ level, field, index }: Entry): string {
  return `${level.file}#${field}[${index}]`;
}
