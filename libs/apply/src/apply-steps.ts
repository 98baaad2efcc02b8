import type { AppliedObjects, SendObjectOptions } from './applied-objects.ts';
import { STEP_NAMES, STEP_NEEDS, type StepName } from './order.ts';
import type { Plan } from './plan/plan.ts';
import type { Unsettlement } from './settle.ts';

/** Options of {@link applySteps}. */
export interface ApplyStepsOptions extends SendObjectOptions {
  readonly plan: Plan;
  readonly applied: AppliedObjects;
  /** Receives one line per step. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

// The more are under way, the less each costs the API server.
const CONCURRENCY = 64;

/**
 * Sends what the plan says. A step begins when all that it stands on is there; steps that do not need each other, and
 * the objects of a step, go in parallel. Once an object fails no further step begins. New definitions are waited for
 * until they are established. Returns how that ended, where it did not end well.
 */
export async function applySteps(options: ApplyStepsOptions): Promise<Unsettlement | undefined> {
  const { cluster, plan, applied, signal, onProgress } = options;
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(CONCURRENCY);
  let unestablished: Unsettlement | undefined;
  let stopped = false;

  const carryOut = async (name: StepName) => {
    const { objects = [] } = plan.steps.find((step) => step.name === name) ?? {};
    const open = objects.filter(({ entry }) => applied.isOpen(entry));
    if (open.length === 0) return;
    await limit.map(open, (write) => applied.send(write, options));
    stopped ||= signal?.aborted === true || applied.failed.length > 0;
    if (stopped) return;
    onProgress?.(`applied ${applied.doneCount}/${plan.entries.length}: ${name}`);
    if (name !== 'custom resource definitions') return;
    const entries = open.map(({ entry }) => entry);
    const { settle } = await import('./settle.ts');
    // Seldom more than a second. But an API server that ends after it accepted a definition's names, and before it
    // established it, does so only when it looks at all definitions again: five minutes after its next start.
    const settlement = await settle({ cluster, entries, signal, onProgress });
    if (settlement.outcome !== 'settled') unestablished = settlement;
    stopped ||= unestablished !== undefined;
  };

  const steps = new Map<StepName, Promise<void>>();
  for (const name of STEP_NAMES) {
    const begun = async () => {
      await Promise.all(STEP_NEEDS[name].flatMap((need) => steps.get(need) ?? []));
      if (stopped) return;
      try {
        await carryOut(name);
      } catch (error) {
        stopped = true;
        throw error;
      }
    };
    steps.set(name, begun());
  }
  // What is under way is finished, whatever becomes of the others.
  const ends = await Promise.allSettled(steps.values());
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return unestablished;
}
