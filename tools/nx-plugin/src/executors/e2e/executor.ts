import { formatE2eReport, formatE2eStep, ownChecksFolders, runE2e } from '@prow-deploy/verify';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

interface E2eExecutorOptions {
  readonly settleTimeout: number;
  readonly testinfraDir?: string;
}

export default executor<E2eExecutorOptions>(async ({ environment, options, print, signal }) => {
  const report = await withProgress((onProgress) =>
    runE2e(environment, {
      settleTimeoutMs: options.settleTimeout * 1000,
      ownChecks: ownChecksFolders(options.testinfraDir),
      onStep: (step) => {
        for (const line of formatE2eStep(step)) print(line);
      },
      onProgress,
      signal,
    }),
  );
  for (const line of formatE2eReport(report)) print(line);
  return report.outcome === 'passed';
});
