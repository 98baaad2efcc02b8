import { relative } from 'node:path';
import type { CreateNodesV2, ProjectConfiguration } from '@nx/devkit';
import { environmentTargets } from './targets.ts';
import {
  PROJECT_FILES,
  type EnvironmentFacts,
  projectNameOf,
  projectRootOf,
  readEnvironmentFacts,
} from './workspace.ts';

/**
 * Infers an Nx project of each environment, of kustom-base, of each base configuration version and of each vendored
 * commit. The last three are data without targets: they are there for the edges, so that `nx affected` knows them.
 */
export const createNodes: CreateNodesV2 = [
  PROJECT_FILES,
  (files, _options, { workspaceRoot }) => {
    const roots = new Set(files.map(projectRootOf));
    const results = files.map(
      (file): [string, { projects: Record<string, ProjectConfiguration> }] => {
        const root = projectRootOf(file);
        const project = root.startsWith('environments/')
          ? environmentProject(readEnvironmentFacts(root, workspaceRoot), roots, workspaceRoot)
          : dataProject(root);
        return [file, { projects: { [root]: project } }];
      },
    );
    return results;
  },
];

function environmentProject(
  facts: EnvironmentFacts,
  roots: ReadonlySet<string>,
  workspaceRoot: string,
): ProjectConfiguration {
  const { bases, folders } = basesOf(facts, roots, workspaceRoot);
  return {
    name: facts.name,
    root: facts.root,
    projectType: 'application',
    tags: ['type:environment'],
    targets: environmentTargets({
      bases: bases.map(projectNameOf),
      folders,
      ...(facts.configs !== undefined ? { configs: projectNameOf(facts.configs) } : {}),
    }),
  };
}

function dataProject(root: string): ProjectConfiguration {
  return {
    name: projectNameOf(root),
    root,
    projectType: 'library',
    tags: ['type:data'],
    targets: {},
  };
}

/** Splits what an environment's kustomization stands on into project folders and others, the environment itself aside. */
export function basesOf(
  facts: EnvironmentFacts,
  roots: ReadonlySet<string>,
  workspaceRoot: string,
): { bases: string[]; folders: string[] } {
  const bases = new Set<string>();
  const folders: string[] = [];
  for (const directory of facts.tree.directories) {
    const path = relative(workspaceRoot, directory);
    const owner = [...roots]
      .filter((root) => path === root || path.startsWith(`${root}/`))
      .sort((a, b) => b.length - a.length)[0];
    if (owner === undefined) folders.push(path);
    else if (owner !== facts.root) bases.add(owner);
  }
  return { bases: [...bases], folders };
}
