import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  type KustomizationTree,
  baseConfigDirectory,
  readKustomizationTree,
} from '@prow-deploy/environment';
import { parse } from 'yaml';

/** Files that make a folder an Nx project of the deployment. */
export const PROJECT_FILES =
  '{environments/*/environment.yaml,kustom-base/kustomization.yaml,kustom-base/configs/*/*/*,vendor/*/upstream.yaml,vendor/*/*/kustomization.yaml}';

/** What the graph is drawn of: read from the files, never kept by hand. */
export interface EnvironmentFacts {
  readonly name: string;
  /** Folder relative to the workspace root. */
  readonly root: string;
  /** Folder of the base configuration it renders, relative to the workspace root; absent where it does not exist. */
  readonly configs?: string;
  readonly tree: KustomizationTree;
  /** Whoever changes it has to name it; no other environment may touch what is its own. */
  readonly isProtected: boolean;
  /** A kubeconfig leads to its cluster. */
  readonly isPinnable: boolean;
  /** Names of its configurations. */
  readonly configurations: readonly string[];
}

/**
 * Reads what an environment stands on. Tolerates an environment.yaml that is wrong: the graph can still be drawn, and the
 * target that reads the file says what is wrong with it.
 */
export function readEnvironmentFacts(root: string, workspaceRoot: string): EnvironmentFacts {
  const directory = join(workspaceRoot, root);
  const {
    configVersion: version,
    protection,
    cluster,
    configurations,
  } = contentOf(join(directory, 'environment.yaml'));
  const configs =
    typeof version !== 'string' ? undefined : baseConfigDirectory(workspaceRoot, version);
  return {
    name: basename(root),
    root,
    ...(configs !== undefined && existsSync(configs)
      ? { configs: relative(workspaceRoot, configs) }
      : {}),
    tree: readKustomizationTree(directory, workspaceRoot),
    isProtected: protection === 'confirm',
    isPinnable: (cluster as { provider?: unknown } | null | undefined)?.provider === 'kubeconfig',
    configurations:
      typeof configurations === 'object' && configurations !== null
        ? Object.keys(configurations)
        : [],
  };
}

function contentOf(file: string): Record<string, unknown> {
  try {
    return (parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null) ?? {};
  } catch {
    return {}; // said with file and line by the target that reads it
  }
}

/** The Nx project name of a folder that one of {@link PROJECT_FILES} marks. */
export function projectNameOf(root: string): string {
  const parent = basename(dirname(root));
  if (isCopy(root)) return `${parent}-${basename(root).slice(0, 12)}`;
  return parent === 'configs' ? `configs-${basename(root)}` : basename(root);
}

/** Whether a project folder is a copy of upstream's at a commit. */
export function isCopy(root: string): boolean {
  return /^vendor\/[^/]+\/[^/]+$/.test(root);
}

/** Whether a project folder holds the copies of an upstream. */
export function isUpstream(root: string): boolean {
  return /^vendor\/[^/]+$/.test(root);
}

/** The project folder that a file of {@link PROJECT_FILES} marks. */
export function projectRootOf(file: string): string {
  const match = /^kustom-base\/configs\/[^/]+/.exec(file);
  return match ? match[0] : dirname(file);
}
