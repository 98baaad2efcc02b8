import {
  collectVerifyArtifacts,
  formatVerifyReport,
  ownChecksFolders,
  verifyEnvironment,
} from '@prow-deploy/verify';
import { currentTaskHash } from '../remembered-hash.ts';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

interface VerifyExecutorOptions {
  readonly testinfraDir?: string;
}

export default executor<VerifyExecutorOptions>(async ({ environment, options, print, signal }) => {
  const ownChecks = ownChecksFolders(options.testinfraDir);
  const [report, artifacts] = await withProgress(async (onProgress) => {
    const verified = await verifyEnvironment(environment, {
      hash: currentTaskHash(),
      ownChecks,
      onProgress,
      signal,
    });
    return [verified, await collectVerifyArtifacts(environment, verified, onProgress)] as const;
  });
  for (const line of formatVerifyReport(report)) print(line);
  print(`What was seen: ${artifacts}/index.html`);
  return report.outcome === 'passed';
});
