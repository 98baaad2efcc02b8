import { type TakeOver, applyEnvironment, formatApplyResult } from '@prow-deploy/apply';
import { currentTaskHash } from '../remembered-hash.ts';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

interface ApplyExecutorOptions {
  readonly confirm?: string;
  readonly settleTimeout: number;
  readonly takeOver: TakeOver;
  readonly pruneData: boolean;
  readonly confirmPrune?: number;
  readonly to?: number;
  readonly allowUncommitted: boolean;
}

export default executor<ApplyExecutorOptions>(async ({ environment, options, print, signal }) => {
  const { settleTimeout, ...rest } = options;
  const { result, kubectl } = await withProgress((onProgress) =>
    applyEnvironment(environment, {
      ...rest,
      hash: currentTaskHash(),
      settleTimeoutMs: settleTimeout * 1000,
      onProgress,
      signal,
    }),
  );
  for (const line of formatApplyResult(result)) print(line);
  if (result.outcome === 'applied') {
    print(`Look at it: ${kubectl} --namespace ${environment.namespaces.prow} get all`);
  }
  return result.outcome === 'applied';
});
