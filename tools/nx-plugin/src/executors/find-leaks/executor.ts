import { findLeaks, formatLeaks } from '@prow-deploy/secrets';
import { executor } from '../run-task.ts';

interface FindLeaksExecutorOptions {
  readonly json: boolean;
}

export default executor<FindLeaksExecutorOptions>(async ({ environment, options, print }) => {
  const { name, workspaceRoot } = environment;
  const report = await findLeaks({ workspaceRoot, environments: [name] });
  const lines = options.json ? [JSON.stringify(report, undefined, 2)] : formatLeaks(report);
  for (const line of lines) print(line);
  return report.leaks.length === 0;
});
