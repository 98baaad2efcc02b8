import {
  type Environment,
  EnvironmentError,
  readKustomizationTree,
} from '@prow-deploy/environment';
import { isSecretsFolder, placeholderOverlay } from '@prow-deploy/secrets';
import { type ProgressEvent, ensureTool } from '@prow-deploy/toolchain';
import { type BuildResult, build } from './build.ts';

export interface BuildEnvironmentOptions {
  /** Absolute path of the kustomize executable. Default: the pinned one, installed where it is missing. */
  readonly kustomize?: string;
  /** Stops the build, and an installation. */
  readonly signal?: AbortSignal;
  /** Told of the installation of kustomize, if one is needed. */
  readonly onToolProgress?: (event: ProgressEvent) => void;
}

export interface EnvironmentBuild extends BuildResult {
  /** How many objects the manifest holds. */
  readonly objects: number;
  /** How many secret files and env files placeholders stand in for. */
  readonly placeholders: number;
}

// What lies in an environment's folder and is nothing to kustomize.
const NO_INPUT = new Set(['sops', 'yq_scripts']);

/**
 * Builds an environment's kustomization with a placeholder in place of each secret value. No secret is read.
 *
 * @throws {EnvironmentError} `invalid-kustomization` for references that lead nowhere, with file and line.
 * @throws {KustomizeError} for what kustomize refuses.
 */
export async function buildEnvironment(
  environment: Environment,
  options: BuildEnvironmentOptions = {},
): Promise<EnvironmentBuild> {
  const { signal, onToolProgress } = options;
  const { directory, workspaceRoot, name } = environment;
  const tree = readKustomizationTree(directory, workspaceRoot);
  if (tree.problems.length > 0) {
    throw new EnvironmentError(
      'invalid-kustomization',
      `Cannot build ${name}: ${tree.problems.join('\n  ')}`,
    );
  }
  const [overlay, kustomize] = await Promise.all([
    placeholderOverlay(environment, tree),
    options.kustomize ??
      ensureTool('kustomize', {
        ...(signal ? { signal } : {}),
        ...(onToolProgress ? { onProgress: onToolProgress } : {}),
      }),
  ]);
  const result = await build({
    directory,
    kustomize,
    overlay,
    without: (name) => isSecretsFolder(name) || NO_INPUT.has(name),
    root: workspaceRoot,
    ...(signal ? { signal } : {}),
  });
  return { ...result, objects: countObjects(result.manifest), placeholders: overlay.size };
}

// kustomize separates objects by a line of three dashes; block scalars are indented, so they cannot hold one.
function countObjects(manifest: string): number {
  return manifest.split(/^---$/m).length;
}
