import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  readEnvironment,
  readKustomizationTree,
  renderConfigs,
  writeConfigs,
} from '@prow-deploy/environment';
import { placeholderFiles } from '@prow-deploy/secrets';

export const OWN_ENVIRONMENTS = [
  'ibmcloud-production',
  'ibmcloud-staging',
  'kubevirtci-testing',
] as const;

/** A copy of what git has of this repository's environments, with rendered configs and placeholders for secrets. */
export async function copyOwn(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'audit-own-')));
  const folders = ['environments', 'kustom-base', 'vendor'];
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', ...folders]);
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(path, join(root, path));
  }
  for (const name of OWN_ENVIRONMENTS) {
    const environment = await readEnvironment({ workspaceRoot: root, name });
    await writeConfigs(environment, await renderConfigs(environment));
    const tree = readKustomizationTree(environment.directory, root);
    for (const [path, text] of await placeholderFiles(environment, tree)) {
      await mkdir(dirname(join(environment.directory, path)), { recursive: true });
      await writeFile(join(environment.directory, path), text);
    }
  }
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
