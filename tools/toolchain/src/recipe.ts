import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue, ModuleEntry, ToolEntry } from './catalogue.ts';

/** How the commands of one Go module are built. */
export interface Recipe {
  readonly module: string;
  /** Absolute path of the folder with `go.mod`. */
  readonly directory: string;
  /** The oldest Go that can build it, from the `go` line of `go.mod`. */
  readonly goVersion: string;
  readonly tags: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Twelve hexadecimal digits that change with `go.mod`, `go.sum`, sources, tags, variables and files: with what is built.
   */
  readonly digest: string;
}

/** Reads what builds a tool. */
export function readRecipe(catalogue: Catalogue, entry: ToolEntry): Recipe {
  const { module, files } = entry.source;
  const directory = join(catalogue.goDirectory, module);
  const goMod = readFileSync(join(directory, 'go.mod'), 'utf8');
  const goSum = readFileSync(join(directory, 'go.sum'), 'utf8');
  const settings: ModuleEntry = catalogue.modules[module] ?? {};
  const { tags = [], variables = {} } = settings;
  const digest = createHash('sha256')
    .update(JSON.stringify([goMod, goSum, entry.source.package, tags, variables]))
    .update(ownSources(directory).join('\n'))
    .update(files ? JSON.stringify(files) : '')
    .digest('hex')
    .slice(0, 12);
  const goVersion = /^go (\S+)$/m.exec(goMod)?.[1] ?? '1.21';
  return { module, directory, goVersion, tags, variables, digest };
}

/** The texts of the folder's own commands; a module that builds those of its dependencies has none. */
function ownSources(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.go'))
    .sort()
    .map((name) => readFileSync(join(directory, name), 'utf8'));
}
