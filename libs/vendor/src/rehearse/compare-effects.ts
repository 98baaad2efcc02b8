import {
  type CountedPosition,
  type EffectOnObject,
  type OperationEffects,
  type ValueChange,
} from '@prow-deploy/audit';
import { type PatchChange, type PatchChangeKind } from './patch-change.ts';
import { replacedPart, resembles, shortText } from './value-text.ts';

/**
 * What patches, images, replacements and their like do to a build that they did not do before, or no longer do. An
 * operation that does to another version of its objects what it did before is not told.
 */
export function compareEffects(
  before: readonly OperationEffects[],
  after: readonly OperationEffects[],
): PatchChange[] {
  const now = new Map(after.map((operation) => [stableId(operation), operation]));
  const told = new Set<string>();
  return before.flatMap((old): PatchChange[] => {
    const operation = now.get(stableId(old));
    if (!operation) return [];
    return compareOperation(old, operation).filter((change) => {
      // All operations of an entry with one target match, or do not match, together.
      const key = `${change.entry} ${change.kind} ${change.object ?? ''}`;
      const once = change.kind.endsWith('-matching') || change.kind.endsWith('-object');
      if (once && told.has(key)) return false;
      told.add(key);
      return true;
    });
  });
}

// A copy's own kustomization file has the commit in its path.
function stableId({ id }: OperationEffects): string {
  return id.replaceAll(/\b[0-9a-f]{40,64}\b/g, '<commit>');
}

function compareOperation(old: OperationEffects, now: OperationEffects): PatchChange[] {
  const tell = teller(now);
  if (old.objects.length > 0 && now.objects.length === 0) {
    const names = old.objects.map(({ object }) => object);
    return [tell('stops-matching', `matched ${names.join(', ')}`, 'matches nothing')];
  }
  if (old.objects.length === 0 && now.objects.length > 0) {
    const names = now.objects.map(({ object }) => object);
    return [tell('starts-matching', 'matched nothing', `matches ${names.join(', ')}`)];
  }
  const found = new Map(now.objects.map((effect) => [effect.object, effect]));
  const lost = old.objects
    .filter(({ object }) => !found.has(object) && now.among.has(object))
    .map(({ object }) =>
      tell('leaves-object', 'was changed by it', 'is there, and is no longer matched', object),
    );
  const known = new Set(old.objects.map(({ object }) => object));
  const gained = now.objects
    .filter(({ object }) => !known.has(object) && old.among.has(object))
    .map(({ object }) => tell('takes-object', 'was not matched', 'is matched', object));
  const both = old.objects.flatMap((effect) => {
    const other = found.get(effect.object);
    return other === undefined ? [] : compareEffect(tell, effect, other);
  });
  return [...lost, ...gained, ...both];
}

type Tell = (kind: PatchChangeKind, before: string, after: string, object?: string) => PatchChange;

function teller({ entry, file, line, does, target }: OperationEffects): Tell {
  return (kind, before, after, object) => ({
    kind,
    entry,
    file,
    line,
    does,
    target,
    before,
    after,
    ...(object === undefined ? {} : { object }),
  });
}

function compareEffect(tell: Tell, old: EffectOnObject, now: EffectOnObject): PatchChange[] {
  const { object } = now;
  const positions = old.positions.flatMap((position, index) =>
    comparePosition(tell, object, position, now.positions[index]),
  );
  return [...positions, ...compareChanges(tell, object, old.changes, now.changes)];
}

function comparePosition(
  tell: Tell,
  object: string,
  old: CountedPosition,
  now: CountedPosition | undefined,
): PatchChange[] {
  if (now === undefined || old.item === now.item) return [];
  const shown = ({ path, item }: CountedPosition): string =>
    `${path} is ${item === undefined ? 'the end of the list' : shortText(item)}`;
  const kind = now.inserts
    ? 'inserts-elsewhere'
    : resembles(old.item, now.item)
      ? 'hits-changed'
      : 'hits-other';
  return [tell(kind, shown(old), shown(now), object)];
}

function compareChanges(
  tell: Tell,
  object: string,
  old: readonly ValueChange[],
  now: readonly ValueChange[],
): PatchChange[] {
  return now.flatMap((change): PatchChange[] => {
    const { path } = change;
    const same = old.find((each) => each.path === path);
    if (change.before === undefined) return compareMade(tell, object, old, path);
    if (change.after === undefined) {
      const shown = shortText(change.before);
      return same ? [] : [tell('removes', `left ${path} alone`, `takes away ${shown}`, object)];
    }
    if (same?.before === undefined || same.after === undefined) return [];
    return compareReplaced(tell, object, same, change);
  });
}

// What the operation makes where there is nothing.
function compareMade(
  tell: Tell,
  object: string,
  old: readonly ValueChange[],
  path: string,
): PatchChange[] {
  const inside = old.filter((each) => isInside(each.path, path));
  if (inside.length > 0) {
    const was = `changed ${inside.map((each) => each.path).join(', ')}`;
    return [tell('creates', was, `makes ${path} anew`, object)];
  }
  const same = old.filter((each) => each.path === path);
  // As before; items of a list without names share a path.
  if (same.some(({ before }) => before === undefined) || path.endsWith('[]')) return [];
  const [replaced] = same;
  const was = replaced ? `${path} was ${shortText(replaced.before)}` : `${path} was there already`;
  const isItem = path.endsWith('"]');
  return [tell(isItem ? 'creates' : 'restores', was, 'makes it anew', object)];
}

function compareReplaced(
  tell: Tell,
  object: string,
  old: ValueChange,
  now: ValueChange,
): PatchChange[] {
  const [was, is] = [JSON.stringify(old.before), JSON.stringify(now.before)];
  if (was === is) return [];
  const { path } = now;
  if (JSON.stringify(old.after) === JSON.stringify(now.after)) {
    const before = `${path} was ${shortText(old.before)} upstream`;
    return [tell('overrides', before, `is ${shortText(now.before)}, which it overrides`, object)];
  }
  // A part of a text was replaced: another part is now.
  const [part, other] = [replacedPart(old), replacedPart(now)];
  if (part === undefined || other === undefined || part === other) return [];
  return [
    tell(
      'hits-other',
      `replaced ${shortText(part)} in ${path}`,
      `replaces ${shortText(other)}`,
      object,
    ),
  ];
}

function isInside(path: string, outer: string): boolean {
  return path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length));
}
