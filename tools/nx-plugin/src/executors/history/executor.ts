import { formatHistory, readEnvironmentHistory } from '@prow-deploy/apply';
import { executor } from '../run-task.ts';

interface HistoryExecutorOptions {
  readonly json: boolean;
}

export default executor<HistoryExecutorOptions>(async ({ environment, options, print, signal }) => {
  const history = await readEnvironmentHistory(environment, { signal });
  const lines = options.json
    ? [JSON.stringify(history, undefined, 2)]
    : formatHistory(environment.name, history);
  for (const line of lines) print(line);
  return true;
});
