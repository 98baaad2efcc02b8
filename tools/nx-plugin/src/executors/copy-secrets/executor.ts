import { copySecrets, writeSecretsReceipt } from '@prow-deploy/secrets';
import { currentTaskHash } from '../remembered-hash.ts';
import { executor } from '../run-task.ts';

export default executor(async ({ environment, print }) => {
  const { written, unchanged, source, state } = await copySecrets(environment);
  await writeSecretsReceipt(environment, {
    hash: currentTaskHash(),
    state,
    files: [...written, ...unchanged].sort(),
    source,
  });
  print(
    `Copied secrets to environments/${environment.name}/secrets (mode 0600): ${written.length} written, ` +
      `${unchanged.length} unchanged. Source: ${source}.`,
  );
  return true;
});
