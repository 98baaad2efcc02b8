import { formatSecretStates, readSecretStates } from '@prow-deploy/secrets';
import { executor } from '../run-task.ts';
import { toolProgress } from '../tool-progress.ts';

interface SecretsExecutorOptions {
  readonly json: boolean;
  readonly maxAge: number;
}

export default executor<SecretsExecutorOptions>(async ({ environment, options, print, signal }) => {
  const report = await readSecretStates(environment, {
    maxAgeDays: options.maxAge,
    signal,
    onToolProgress: toolProgress(),
  });
  const lines = options.json
    ? [JSON.stringify(report, undefined, 2)]
    : await formatSecretStates(environment.name, report);
  for (const line of lines) print(line);
  return report.usable;
});
