import { githubAnnotations } from '@prow-deploy/audit';
import { writeOutput } from '@prow-deploy/environment';
import { checkConfig, formatCheck } from '@prow-deploy/prow-config';
import type { Task } from '../run-task.ts';
import { toolProgress } from '../tool-progress.ts';

export const checkConfigTask: Task<unknown> = async ({ environment, print, signal }) => {
  const report = await checkConfig(environment, { signal, onToolProgress: toolProgress() });
  await writeOutput(environment, 'checkConfig', report);
  for (const line of formatCheck(report)) print(line);
  if (process.env['GITHUB_ACTIONS'] === 'true') {
    for (const annotation of githubAnnotations(report.findings)) print(annotation);
  }
  return report.outcome === 'passed';
};
