import { buildEnvironment, writeManifest } from '@prow-deploy/kustomize';
import type { Task } from '../run-task.ts';
import { withProgress } from '../with-progress.ts';

export const kustomizeBuildTask: Task<unknown> = async ({ environment, print, signal }) => {
  const result = await withProgress((onProgress) =>
    buildEnvironment(environment, { signal, onToolProgress: onProgress }),
  );
  const file = await writeManifest(environment, result.manifest);
  for (const warning of result.warnings) print(`Warning: ${warning}`);
  print(
    `Built ${result.objects} objects, with placeholders for ${result.placeholders} secret values: ${file}`,
  );
  return true;
};
