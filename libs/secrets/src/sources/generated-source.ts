import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { checkValue } from '../forms/check-value.ts';
import { readValueFile } from '../read-value-file.ts';
import { secretsDirectory } from '../secret-files.ts';
import { repairFolder } from '../secrets-folder.ts';
import { withSecretsLock } from '../secrets-lock.ts';
import { generate } from './generate.ts';
import type { SecretSource } from './source.ts';

/**
 * Throw-away values, for testing. A value that was made, or put in its place by hand, stays as long as it has the right
 * form; `cluster-down` forgets them all.
 */
export function generatedSource(environment: Environment): Promise<SecretSource> {
  const directory = secretsDirectory(environment);
  return Promise.resolve({
    description: 'throw-away values, made once until cluster-down',
    read: async (shape) => {
      const found = await readValueFile(join(directory, shape.path), directory);
      if (found.state === 'read' && !checkValue(shape, found.bytes)) return found;
      const bytes = Buffer.from(generate(shape.generate), 'utf8');
      return { state: 'read', bytes, changedAt: new Date() };
    },
    beginning: `Run nx run ${environment.name}:copy-secrets.`,
  });
}

/** Removes the values that were made for an environment, and what was left of them; those of other sources stay. */
export async function forgetGenerated(environment: Environment): Promise<void> {
  if (environment.secrets.source !== 'generated') return;
  await withSecretsLock(environment, undefined, async () => {
    await repairFolder(environment);
    await rm(secretsDirectory(environment), { recursive: true, force: true });
  });
}
