import type { KubernetesObject } from '../kubernetes-object.ts';
import { type Effect, effectsOf } from '../restarts/effects-of.ts';
import { readersOf } from '../restarts/readers-of.ts';
import type { PlannedWrite } from './plan.ts';

/** What becomes of the workloads that read a ConfigMap or Secret of which the plan changes something. */
export function planEffects(
  objects: readonly KubernetesObject[],
  writes: readonly Pick<PlannedWrite, 'source'>[],
): Effect[] {
  const changed = writes.flatMap(({ source }) => (source === undefined ? [] : [source]));
  return changed.length === 0 ? [] : effectsOf(readersOf(objects), changed);
}
