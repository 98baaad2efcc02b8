import { cleanupEnvironment, formatCleanupResult } from '@prow-deploy/apply';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

interface CleanupExecutorOptions {
  readonly confirm?: string;
  readonly includeData?: boolean;
}

export default executor<CleanupExecutorOptions>(async ({ environment, options, print, signal }) => {
  const result = await withProgress((onProgress) =>
    cleanupEnvironment(environment, { ...options, onProgress, signal }),
  );
  for (const line of formatCleanupResult(result)) print(line);
  return result.outcome === 'cleaned';
});
