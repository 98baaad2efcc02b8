import type { AppliedObjects, SendObjectOptions } from './applied-objects.ts';
import type { StepName } from './order.ts';
import type { Plan, PlannedWrite } from './plan/plan.ts';
import { settle, type Unsettlement } from './settle.ts';

/** Options of {@link applySteps}. */
export interface ApplyStepsOptions extends SendObjectOptions {
  readonly plan: Plan;
  readonly applied: AppliedObjects;
  /** Receives one line per step. Default: nobody. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

const CONCURRENCY = 16;
/** What is sent by then must be there first; all else only has to be sent in its turn. */
const WAITS: ReadonlySet<StepName> = new Set([
  'custom resource definitions',
  'foundations',
  // Who may not grant what a role holds has to show that it is there.
  'role bindings',
  'workloads',
  'custom resources',
  'webhooks',
]);
const ESTABLISH_TIMEOUT_MS = 60_000;

/**
 * Sends what the plan says, step by step, in parallel within a step; sends nothing more once an object fails. New
 * definitions are waited for until they are established. Returns how that ended, where it did not end well.
 */
export async function applySteps(options: ApplyStepsOptions): Promise<Unsettlement | undefined> {
  const { cluster, plan, applied, signal, onProgress } = options;
  const { default: pMap } = await import('p-map');
  for (const { names, writes } of queuesOf(plan, applied)) {
    await pMap(
      writes,
      async (write) => {
        if (!applied.hasFailed) await applied.send(write, options);
      },
      { concurrency: CONCURRENCY },
    );
    if (signal?.aborted === true || applied.hasFailed) return undefined;
    onProgress?.(`applied ${applied.doneCount}/${plan.entries.length}: ${names.join(', ')}`);
    if (!names.includes('custom resource definitions')) continue;
    const entries = writes.map(({ entry }) => entry);
    const timeoutMs = ESTABLISH_TIMEOUT_MS;
    const settlement = await settle({ cluster, entries, timeoutMs, signal, onProgress });
    if (settlement.outcome !== 'settled') return settlement;
  }
  return undefined;
}

interface Queue {
  readonly names: StepName[];
  readonly writes: PlannedWrite[];
}

// Steps that do not wait for each other, with what is still to be sent of them.
function queuesOf({ steps }: Plan, applied: AppliedObjects): Queue[] {
  const queues: Queue[] = [];
  for (const { name, objects } of steps) {
    if (queues.length === 0 || WAITS.has(name)) queues.push({ names: [], writes: [] });
    const open = objects.filter(({ entry }) => applied.isOpen(entry));
    if (open.length === 0) continue;
    queues.at(-1)?.names.push(name);
    queues.at(-1)?.writes.push(...open);
  }
  return queues.filter(({ writes }) => writes.length > 0);
}
