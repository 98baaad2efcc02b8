import { debugEnvironment } from '@prow-deploy/debug';
import { executor } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

interface DebugExecutorOptions {
  readonly component: string;
  readonly container?: string;
  readonly source?: string;
  readonly image?: string;
  readonly confirm?: string;
}

export default executor<DebugExecutorOptions>(async ({ environment, options, print, signal }) => {
  const { exitCode, reason } = await withProgress((onProgress) =>
    debugEnvironment(environment, {
      ...options,
      // Where the command was given; npm starts Nx at the root.
      cwd: process.env['INIT_CWD'] ?? process.cwd(),
      signal,
      onProgress,
      onStarted: (kubectl, name) => {
        print(
          `Runs in pod ${name}; Ctrl-C ends it. Reach it: ${kubectl} port-forward pod/${name} 8080`,
        );
      },
      onRemoved: (name, gone) => {
        const state = gone ? 'gone' : 'being removed by the cluster';
        print(`Pod ${name} is ${state}. Nothing else was touched.`);
      },
      onLine: print,
    }),
  );
  if (exitCode !== undefined || reason !== undefined) {
    const how = exitCode === undefined ? '' : ` with exit code ${exitCode}`;
    print(
      `${options.component} ended by itself${how}${reason === undefined ? '' : ` (${reason})`}.`,
    );
  }
  return exitCode === undefined ? reason === undefined : exitCode === 0;
});
