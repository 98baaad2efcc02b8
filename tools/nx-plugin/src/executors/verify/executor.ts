import { formatVerifyReport, verifyEnvironment } from '@prow-deploy/verify';
import { currentTaskHash } from '../remembered-hash.ts';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

export default executor(async ({ environment, print, signal }) => {
  const report = await withProgress((onProgress) =>
    verifyEnvironment(environment, { hash: currentTaskHash(), onProgress, signal }),
  );
  for (const line of formatVerifyReport(report)) print(line);
  return report.outcome === 'passed';
});
