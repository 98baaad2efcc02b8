import { join } from 'node:path';
import { type Tree, visitNotIgnoredFiles } from '@nx/devkit';
import { nextConfigVersion, readEnvironment } from '@prow-deploy/environment';
import { setScalar } from '@prow-deploy/vendor';

interface ConfigVersionOptions {
  readonly from?: string;
  readonly version?: string;
  readonly environment?: string;
}

const CONFIGS = 'kustom-base/configs';

/** Copies the newest base configuration to a new version, and lets one environment use it where one is named. */
export default async function configVersion(
  tree: Tree,
  { from, version, environment }: ConfigVersionOptions,
): Promise<void> {
  const existing = tree.children(CONFIGS).filter((name) => !tree.isFile(join(CONFIGS, name)));
  const source = from ?? existing.sort().at(-1);
  if (source === undefined || !existing.includes(source)) {
    throw new Error(
      `Cannot copy ${CONFIGS}/${source ?? ''}: it is not there. Versions: ${existing.join(', ')}.`,
    );
  }
  const name = version ?? nextConfigVersion(existing, new Date());
  if (!/^[\w.-]+$/.test(name) || existing.includes(name)) {
    throw new Error(`Cannot make the version ${name}: it is there already, or is no folder name.`);
  }
  visitNotIgnoredFiles(tree, join(CONFIGS, source), (file) => {
    const content = tree.read(file);
    if (content !== null)
      tree.write(file.replace(`${CONFIGS}/${source}`, `${CONFIGS}/${name}`), content);
  });
  if (environment === undefined) return;
  await readEnvironment({ workspaceRoot: tree.root, name: environment });
  const file = `environments/${environment}/environment.yaml`;
  const text = setScalar(tree.read(file, 'utf8') ?? '', ['configVersion'], () => name);
  if (text !== undefined) tree.write(file, text);
}
