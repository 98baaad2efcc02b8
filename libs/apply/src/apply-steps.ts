import type { AppliedObjects, SendObjectOptions } from './applied-objects.ts';
import type { Plan } from './plan/plan.ts';
import { settle, type Unsettlement } from './settle.ts';

/** Options of {@link applySteps}. */
export interface ApplyStepsOptions extends SendObjectOptions {
  readonly plan: Plan;
  readonly applied: AppliedObjects;
  /** Receives one line per step. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

const CONCURRENCY = 16;
const ESTABLISH_TIMEOUT_MS = 60_000;

/**
 * Sends what the plan says, step by step, in parallel within a step; ends with the step in which an object fails. New
 * definitions are waited for until they are established. Returns how that ended, where it did not end well.
 */
export async function applySteps(options: ApplyStepsOptions): Promise<Unsettlement | undefined> {
  const { cluster, plan, applied, signal, onProgress } = options;
  const { default: pMap } = await import('p-map');
  for (const { name, objects } of plan.steps) {
    const open = objects.filter(({ entry }) => applied.isOpen(entry));
    if (open.length === 0) continue;
    await pMap(open, (write) => applied.send(write, options), { concurrency: CONCURRENCY });
    if (signal?.aborted === true || applied.failed.length > 0) return undefined;
    onProgress?.(`applied ${applied.doneCount}/${plan.entries.length}: ${name}`);
    if (name !== 'custom resource definitions') continue;
    const entries = open.map(({ entry }) => entry);
    const timeoutMs = ESTABLISH_TIMEOUT_MS;
    const settlement = await settle({ cluster, entries, timeoutMs, signal, onProgress });
    if (settlement.outcome !== 'settled') return settlement;
  }
  return undefined;
}
