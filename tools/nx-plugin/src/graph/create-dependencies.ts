import type { CreateDependencies, RawProjectGraphDependency } from '@nx/devkit';
// Not from @nx/devkit: loading that costs every Nx command 150 ms.
import { DependencyType } from 'nx/src/config/project-graph';
import { basesOf } from './bases.ts';
import { CODE } from './targets.ts';
import { readEnvironmentFacts } from './workspace.ts';

/**
 * Draws the edges of each environment: to what its kustomization references, to the base configuration that
 * environment.yaml names, and to the libraries whose code makes its outputs.
 */
export const createDependencies: CreateDependencies = (_options, { projects, workspaceRoot }) => {
  const byRoot = new Map(Object.entries(projects).map(([name, project]) => [project.root, name]));
  const roots = new Set(byRoot.keys());
  const environments = Object.entries(projects).filter(([, { tags }]) =>
    tags?.includes('type:environment'),
  );
  return environments.flatMap(([source, { root }]): RawProjectGraphDependency[] => {
    const facts = readEnvironmentFacts(root, workspaceRoot);
    const edge = (target: string | undefined, sourceFile: string): RawProjectGraphDependency[] =>
      target === undefined || !(target in projects)
        ? []
        : [{ source, target, sourceFile: `${root}/${sourceFile}`, type: DependencyType.static }];
    const libraries = new Set<string>(['nx-plugin', 'toolchain', ...Object.values(CODE).flat()]);
    return [
      ...basesOf(facts, roots, workspaceRoot).bases.flatMap((base) =>
        edge(byRoot.get(base), 'kustomization.yaml'),
      ),
      ...(facts.configs === undefined ? [] : edge(byRoot.get(facts.configs), 'environment.yaml')),
      ...[...libraries].flatMap((library) => edge(library, 'environment.yaml')),
    ];
  });
};
