import type { KubernetesObject } from '../kubernetes-object.ts';
import { type Effect, effectsOf } from '../restarts/effects-of.ts';
import { readersOf } from '../restarts/readers-of.ts';
import type { PlannedObject } from './planned-object.ts';

const KEY = /^\.(?:data|stringData|binaryData)(?:\.([\w-]+)|\["([^"]+)"\])/;

/** What becomes of the workloads that read a ConfigMap or Secret of which the plan changes something. */
export function planEffects(
  objects: readonly KubernetesObject[],
  planned: readonly PlannedObject[],
): Effect[] {
  const changed = planned.flatMap(({ object, action, changes = [] }) => {
    const isSource = object.kind === 'ConfigMap' || object.kind === 'Secret';
    if (!isSource || action !== 'change') return [];
    const keys = changes.flatMap(({ path }) => {
      const match = KEY.exec(path);
      const key = match?.[1] ?? match?.[2];
      return key === undefined ? [] : [key];
    });
    return keys.length === 0 ? [] : [{ source: object, keys: [...new Set(keys)] }];
  });
  return changed.length === 0 ? [] : effectsOf(readersOf(objects), changed);
}
