import { diffEnvironment, formatPlan, hasChanges, type TakeOver } from '@prow-deploy/apply';
import { colourDiff } from '../colour-diff.ts';
import { executor } from '../run-task.ts';

interface DiffExecutorOptions {
  readonly takeOver: TakeOver;
  readonly pruneData: boolean;
  readonly confirmPrune?: number;
  readonly exitCode: boolean;
  readonly json: boolean;
}

export default executor<DiffExecutorOptions>(async ({ environment, options, print, signal }) => {
  const { exitCode, json, ...rest } = options;
  const diff = await diffEnvironment(environment, { ...rest, signal });
  const { plan, refused } = diff;
  if (json) print(JSON.stringify(diff, undefined, 2));
  else for (const line of formatPlan(plan)) print(colourDiff(line));
  if (refused !== undefined) {
    print(`An apply of ${environment.name} would be refused: ${refused}.`);
    return false;
  }
  return !(exitCode && hasChanges(plan));
});
