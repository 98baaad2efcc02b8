import type { CreateNodes, ProjectConfiguration } from '@nx/devkit';
import { basesOf } from './bases.ts';
import { environmentTargets, type TargetFacts } from './targets.ts';
import { copyTargets, environmentsTargets, upstreamTargets } from './upstream-targets.ts';
import {
  PROJECT_FILES,
  type EnvironmentFacts,
  isCopy,
  isUpstream,
  projectNameOf,
  projectRootOf,
  readEnvironmentFacts,
} from './workspace.ts';

/**
 * Infers an Nx project of each environment, of all environments together, of kustom-base, of each base configuration
 * version, of each upstream and of each vendored commit. kustom-base and the versions are data without targets: they are
 * there for the edges, so that `nx affected` knows them.
 */
export const createNodes: CreateNodes = [
  PROJECT_FILES,
  (files, _options, { workspaceRoot }) => {
    const roots = new Set(files.map(projectRootOf));
    const environments = [...roots]
      .filter((root) => root.startsWith('environments/'))
      .map((root) => readEnvironmentFacts(root, workspaceRoot));
    const projects = new Map([
      ...[...roots].map((root): [string, ProjectConfiguration] => [root, dataProject(root)]),
      ...environments.map((facts): [string, ProjectConfiguration] => {
        const isolatedFrom = environments.filter((other) => other !== facts && other.isProtected);
        return [
          facts.root,
          environmentProject(facts, {
            ...basesOf(facts, roots, workspaceRoot),
            isPinnable: facts.isPinnable,
            configurations: facts.configurations,
            isolatedFrom: isolatedFrom.map(({ name }) => name),
          }),
        ];
      }),
    ]);
    return files.map((file) => {
      const root = projectRootOf(file);
      const project = projects.get(root) ?? dataProject(root);
      return [file, { projects: { [root]: project, ...together(root, environments) } }];
    });
  },
];

function environmentProject(
  { name, root, configs }: EnvironmentFacts,
  {
    bases,
    ...facts
  }: Pick<TargetFacts, 'bases' | 'folders' | 'isPinnable' | 'configurations' | 'isolatedFrom'>,
): ProjectConfiguration {
  return {
    name,
    root,
    projectType: 'application',
    tags: ['type:environment'],
    targets: environmentTargets({
      ...facts,
      bases: bases.map(projectNameOf),
      copies: bases.filter(isCopy).map(projectNameOf),
      ...(configs === undefined ? {} : { configs: projectNameOf(configs) }),
    }),
  };
}

function dataProject(root: string): ProjectConfiguration {
  return {
    name: projectNameOf(root),
    root,
    projectType: 'library',
    tags: ['type:data'],
    targets: isUpstream(root) ? upstreamTargets() : isCopy(root) ? copyTargets() : {},
  };
}

// What is asked of all environments at once; the first of them brings it.
function together(
  root: string,
  [first]: readonly EnvironmentFacts[],
): Record<string, ProjectConfiguration> {
  if (root !== first?.root) return {};
  const name = 'environments';
  return {
    [name]: { name, root: name, projectType: 'application', targets: environmentsTargets() },
  };
}
