import type { CreateNodes, ProjectConfiguration } from '@nx/devkit';
import { basesOf } from './bases.ts';
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
export const createNodes: CreateNodes = [
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
