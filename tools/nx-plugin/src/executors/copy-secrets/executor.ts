import { copySecrets, writeSecretsReceipt } from '@prow-deploy/secrets';
import { currentTaskHash } from '../remembered-hash.ts';
import { executor } from '../run-task.ts';
import { toolProgress } from '../tool-progress.ts';

export default executor(async ({ environment, print, signal }) => {
  const { written, unchanged, removed, source, warnings, state } = await copySecrets(environment, {
    signal,
    onToolProgress: toolProgress(),
  });
  await writeSecretsReceipt(environment, {
    hash: currentTaskHash(),
    state,
    files: [...written, ...unchanged].sort(),
    source,
  });
  print(
    `Copied secrets to environments/${environment.name}/secrets (mode 0600): ${written.length} written, ` +
      `${unchanged.length} unchanged, ${removed.length} removed. Source: ${source}.`,
  );
  for (const warning of warnings) print(`Warning: ${warning}`);
  return true;
});
