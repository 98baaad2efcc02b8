import { relative } from 'node:path';
import type { EnvironmentFacts } from './workspace.ts';

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
