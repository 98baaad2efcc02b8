import { renderConfigs, renderWarnings, writeConfigs } from '@prow-deploy/environment';
import type { Task } from '../run-task.ts';

export const renderConfigsTask: Task<unknown> = async ({ environment, print }) => {
  const configs = await renderConfigs(environment);
  await writeConfigs(environment, configs);
  for (const warning of renderWarnings(configs)) print(`Warning: ${warning}`);
  const scripted = configs.filter(({ script }) => script !== undefined);
  print(
    `Rendered ${configs.length} files of base configuration ${environment.configVersion} to environments/${environment.name}/configs: ` +
      `${scripted.length} changed by yq scripts, ${configs.length - scripted.length} as they are.`,
  );
  return true;
};
