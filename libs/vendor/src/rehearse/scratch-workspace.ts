import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import {
  type Environment,
  readEnvironment,
  readKustomizationTree,
  renderConfigs,
  renderErrors,
  writeConfigs,
} from '@prow-deploy/environment';
import { placeholderFiles } from '@prow-deploy/secrets';

/** A private copy of all that some environments are built from. */
export interface ScratchWorkspace {
  readonly root: string;
  remove(): Promise<void>;
}

/** Folders of an environment that are generated: they are made anew in the copy. */
const GENERATED = /^environments\/[^/]+\/(?:configs|secrets|\.configs-[^/]*)$/;

/**
 * Copies what the kustomizations of these environments stand on, and the base configuration, to a temporary folder.
 * No secret goes with it.
 */
export async function scratchWorkspace(
  workspaceRoot: string,
  environments: readonly string[],
): Promise<ScratchWorkspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'prow-deploy-rehearsal-')));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    const folders = new Set([
      'kustom-base',
      ...environments.flatMap((name) => {
        const directory = join(workspaceRoot, 'environments', name);
        const { directories } = readKustomizationTree(directory, workspaceRoot);
        return directories.map((folder) => relative(workspaceRoot, folder));
      }),
    ]);
    const outermost = [...folders].filter(
      (folder) => ![...folders].some((other) => folder.startsWith(`${other}/`)),
    );
    await Promise.all(outermost.map((folder) => copyFolder(workspaceRoot, root, folder)));
    return { root, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Copies one folder from a workspace to another. Links stay links. */
export async function copyFolder(from: string, to: string, folder: string): Promise<void> {
  await mkdir(dirname(join(to, folder)), { recursive: true });
  await cp(join(from, folder), join(to, folder), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !GENERATED.test(relative(resolve(from), source)),
  });
}

/**
 * Reads an environment of a scratch workspace, with its configuration rendered and placeholders for its secrets.
 *
 * @throws {EnvironmentError} {YqScriptError} {SecretsError} for what is wrong in its files.
 */
export async function prepareEnvironment(root: string, name: string): Promise<Environment> {
  const environment = await readEnvironment({ workspaceRoot: root, name });
  const configs = await renderConfigs(environment);
  const [error] = renderErrors(configs);
  if (error !== undefined) throw new RenderError(`Cannot render ${name}: ${error}`);
  await writeConfigs(environment, configs);
  for (const [path, text] of await placeholderFiles(environment)) {
    const file = join(environment.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return environment;
}

/** A yq command of the environment matches nothing in its base configuration. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
  readonly code = 'render-failed';
}
