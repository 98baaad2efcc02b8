import { auditEnvironment, formatAudit, githubAnnotations } from '@prow-deploy/audit';
import { writeOutput } from '@prow-deploy/environment';
import { executor } from '../run-task.ts';
import { toolProgress } from '../tool-progress.ts';

export default executor(async ({ environment, print, signal }) => {
  const report = await auditEnvironment(environment, { signal, onToolProgress: toolProgress() });
  await writeOutput(environment, 'audit', report);
  for (const line of formatAudit(report)) print(line);
  if (process.env['GITHUB_ACTIONS'] === 'true') {
    for (const annotation of githubAnnotations(report.findings)) print(annotation);
  }
  return report.outcome === 'passed';
});
