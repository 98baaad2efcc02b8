import { pause, referenceKey, identify } from '@prow-deploy/apply';
import type { Check, Findings, NotPossible } from '../verify-report.ts';
import { componentOf, componentsOf } from './component.ts';
import type { SmokeCheck, SmokeContext } from './smoke-check.ts';

export interface RunSmokeChecksOptions extends SmokeContext {
  readonly checks: readonly SmokeCheck[];
  /** How long each may take at most, in milliseconds. Default: what each says itself. */
  readonly timeoutMs?: number | undefined;
  /** Why Deployments cannot run in this cluster, by reference key. */
  readonly cannotRun: ReadonlyMap<string, string>;
  /** What is known to be wrong with an object, by how it is named: added to the reason of a check of it. */
  readonly troubles: ReadonlyMap<string, string>;
  readonly onProgress?: ((line: string) => void) | undefined;
}

const PAUSE_MS = 1000;
const SIMULATED = 'pods are simulated: no container runs';

/** Makes all smoke checks at once, each until all is as it should be or its deadline has passed. */
export async function runSmokeChecks(options: RunSmokeChecksOptions): Promise<Findings> {
  const { checks, objects, cannotRun, onProgress } = options;
  // What cannot run is told once, and is no business of any check.
  const context = {
    ...options,
    objects: objects.filter((object) => !cannotRun.has(referenceKey(identify(object)))),
  };
  const open = new Set(checks.map(({ name }) => name));
  const results = await Promise.all(
    checks.map(async (check): Promise<Findings> => {
      const why = reasonNotTo(check, options);
      const findings: Findings =
        why === undefined
          ? await untilItPasses(check, context)
          : { passed: [], failed: [], notPossible: [notPossible(check, why)] };
      open.delete(check.name);
      if (open.size > 0) onProgress?.(`checking ${[...open].join(', ')}`);
      return findings;
    }),
  );
  return {
    passed: results.flatMap(({ passed }) => passed),
    failed: results.flatMap(({ failed }) => failed),
    notPossible: [
      ...componentsOf(objects).flatMap(({ object, reference }): NotPossible[] => {
        const reason = cannotRun.get(referenceKey(identify(object)));
        return reason === undefined
          ? []
          : [{ check: 'containers-run', what: `${reference} runs`, reason }];
      }),
      ...results.flatMap(({ notPossible = [] }) => notPossible),
    ],
  };
}

function notPossible({ name, what }: SmokeCheck, reason: string): NotPossible {
  return { check: name, what, reason };
}

/** Why a check is not made; an empty text where there is nothing that it is about. */
function reasonNotTo(
  { components = [], withoutContainers = false }: SmokeCheck,
  { cluster, objects, cannotRun }: RunSmokeChecksOptions,
): string | undefined {
  const needed = components.map((app) => componentOf({ objects }, app));
  for (const component of needed) {
    const reason = component && cannotRun.get(referenceKey(identify(component.object)));
    if (reason !== undefined) return `${component?.app ?? ''} does not run: ${reason}`;
  }
  if (needed.includes(undefined)) return undefined;
  return cluster.simulated && !withoutContainers ? SIMULATED : undefined;
}

async function untilItPasses(check: SmokeCheck, context: RunSmokeChecksOptions): Promise<Findings> {
  const { troubles, timeoutMs = check.deadlineMs } = context;
  const deadline = Date.now() + Math.min(check.deadlineMs, timeoutMs);
  for (;;) {
    const checks = await once(check, context);
    const failed = checks.filter(({ reason }) => reason !== undefined);
    if (failed.length === 0 || Date.now() >= deadline) {
      return {
        passed: checks.filter(({ reason }) => reason === undefined),
        failed: failed.map((one) => withTrouble(one, troubles)),
      };
    }
    await pause(PAUSE_MS, context.signal);
  }
}

async function once(check: SmokeCheck, context: SmokeContext): Promise<readonly Check[]> {
  try {
    return await check.run(context);
  } catch (error) {
    context.signal.throwIfAborted();
    const [app = ''] = check.components ?? [];
    const object = componentOf(context, app)?.reference ?? check.what;
    return [{ check: check.name, object, reason: (error as Error).message }];
  }
}

function withTrouble(check: Check, troubles: ReadonlyMap<string, string>): Check {
  const trouble = troubles.get(check.object);
  if (trouble === undefined || check.reason?.includes(trouble) === true) return check;
  return { ...check, reason: `${check.reason ?? ''}; ${trouble}` };
}
