import { OUTPUT_FILES, writeOutput } from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import type { Task } from '../run-task.ts';
import { toolProgress } from '../tool-progress.ts';

export const kustomizeBuildTask: Task<unknown> = async ({ environment, print, signal }) => {
  const build = await buildEnvironment(environment, { signal, onToolProgress: toolProgress() });
  await writeOutput(environment, 'manifest', build.manifest);
  for (const warning of build.warnings) print(`Warning: ${warning}`);
  print(
    `Built ${build.objects} objects to dist/${environment.name}/${OUTPUT_FILES.manifest}, ` +
      `with placeholders for the values of ${build.placeholders} secret files.`,
  );
  return true;
};
