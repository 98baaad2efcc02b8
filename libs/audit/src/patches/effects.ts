import { type ValueChange, changesBetween } from '../changes/changes-between.ts';
import { type Json, isJsonObject, scalarText } from '../load/tree.ts';
import { describeEntry, describeOperation, describeSimObject } from './describe.ts';
import type { Operation } from './entries.ts';
import type { Followed } from './follow.ts';
import { pointerSteps, valueAt } from './json-patch.ts';
import { describeSelector } from './selector.ts';
import { idOf } from './sim-object.ts';
import type { Effect } from './simulate.ts';

/** What one operation did, told so that it can be compared with what it does to another version of its objects. */
export interface OperationEffects {
  /** The same for the same operation of the same kustomization file, whatever it stands on. */
  readonly id: string;
  /** `environments/a/kustomization.yaml patches[3]` */
  readonly entry: string;
  /** Where it is written, relative to the root. */
  readonly file: string;
  readonly line: number;
  /** As people write it: `remove /spec/template/spec/containers/0/args/3`. */
  readonly does: string;
  /** Which objects it is for, in words. */
  readonly target: string;
  /** Names of the objects that it looked among. */
  readonly among: ReadonlySet<string>;
  readonly objects: readonly EffectOnObject[];
}

export interface EffectOnObject {
  /** The object as the operation finds it: `Deployment default/deck`. */
  readonly object: string;
  /** What it changes in it; the values of a Secret are left out. */
  readonly changes: readonly ValueChange[];
  /** Whether the object is gone after it. */
  readonly deletes: boolean;
  /** What is found at each position in a list that the operation counts. */
  readonly positions: readonly CountedPosition[];
}

export interface CountedPosition {
  /** JSON pointer that ends with the position. */
  readonly path: string;
  /** The name of the item there, else the item as text; absent where the list ends before. */
  readonly item?: string;
  /** Whether a new item is put before that one. */
  readonly inserts: boolean;
}

/** What each operation of a followed kustomization did to each object that it matched. */
export function operationEffects(operations: readonly Followed[]): OperationEffects[] {
  return operations.map(({ entry, operation, effects, among }) => ({
    id: operation.id,
    entry: describeEntry(entry),
    file: operation.file,
    line: operation.line,
    does: describeOperation(operation),
    target: describeSelector(operation.selector),
    among: new Set(among.map(describeSimObject)),
    objects: effects.map((effect) => ({
      object: describeSimObject(effect.before),
      changes: effect.after === undefined ? [] : hideSecrets(effect, changesOf(effect)),
      deletes: effect.after === undefined,
      positions: countedPositions(operation, effect),
    })),
  }));
}

function changesOf({ before, after }: Effect): ValueChange[] {
  return after === undefined ? [] : changesBetween(before.value, after.value);
}

const LEFT_OUT = 'a value (left out)';

function hideSecrets({ before }: Effect, changes: readonly ValueChange[]): ValueChange[] {
  if (idOf(before.value).kind !== 'Secret') return [...changes];
  return changes.map(({ path, ...rest }) =>
    /^\.(?:data|stringData)\b/.test(path)
      ? {
          path,
          ...('before' in rest ? { before: LEFT_OUT } : {}),
          ...('after' in rest ? { after: LEFT_OUT } : {}),
        }
      : { path, ...rest },
  );
}

function countedPositions(operation: Operation, { before }: Effect): CountedPosition[] {
  if (operation.kind !== 'json' || operation.json.op === 'test') return [];
  const { op, path, from } = operation.json;
  const takes = op === 'move' || op === 'copy' ? countedIn(before.value, from ?? '', false) : [];
  return [...takes, ...countedIn(before.value, path, op !== 'remove' && op !== 'replace')];
}

function countedIn(value: Json, pointer: string, adds: boolean): CountedPosition[] {
  const steps = pointer.split('/').slice(1);
  const keys = pointerSteps(pointer);
  return steps.flatMap((step, index): CountedPosition[] => {
    const list = /^-?\d+$/.test(step) && valueAt(value, keys.slice(0, index));
    if (!Array.isArray(list)) return [];
    const item = valueAt(list as readonly Json[], [step]);
    return [
      {
        path: `/${steps.slice(0, index + 1).join('/')}`,
        inserts: adds && index === steps.length - 1,
        ...(item === undefined ? {} : { item: nameOf(item) }),
      },
    ];
  });
}

function nameOf(item: Json): string {
  const name = isJsonObject(item) ? item['name'] : undefined;
  return typeof name === 'string' ? name : scalarText(item);
}
