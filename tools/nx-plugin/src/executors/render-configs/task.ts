import {
  JOB_CONFIG_FILE,
  renderConfigs,
  renderErrors,
  renderWarnings,
  writeConfigs,
} from '@prow-deploy/environment';
import type { Task } from '../run-task.ts';

export const renderConfigsTask: Task<unknown> = async ({ environment, print }) => {
  const configs = await renderConfigs(environment);
  const errors = renderErrors(configs);
  if (errors.length > 0) {
    print(`Cannot render ${environment.name}:`);
    for (const error of errors) print(`  ${error}`);
    return false;
  }
  await writeConfigs(environment, configs);
  for (const warning of renderWarnings(configs)) print(`Warning: ${warning}`);
  const files = configs.filter(({ isGenerated }) => isGenerated !== true);
  const scripted = files.filter(({ script }) => script !== undefined);
  const jobs = configs.length === files.length ? '' : `, and the jobs as ${JOB_CONFIG_FILE}`;
  print(
    `Rendered ${files.length} files of base configuration ${environment.configVersion} to environments/${environment.name}/configs: ` +
      `${scripted.length} changed by yq scripts, ${files.length - scripted.length} as they are${jobs}.`,
  );
  return true;
};
