import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolEntry } from './catalogue.ts';
import { runGo } from './go-build.ts';
import type { Recipe } from './recipe.ts';
import type { Settings } from './settings.ts';

export interface ModuleFilesOptions {
  readonly recipe: Recipe;
  readonly source: ToolEntry['source'];
  /** The folder to make. */
  readonly directory: string;
  readonly settings: Settings;
}

export interface CopiedFiles {
  readonly ok: true;
  /** The folder that was made; absent where the tool reads no files. */
  readonly directory?: string;
}

export interface CopyFailure {
  readonly ok: false;
  readonly what: string;
  readonly reason: string;
}

/** Sources of what is not built here: they are no use to a program that runs. */
const SOURCES = /\.(go|ts)$|(^|\/)tsconfig\.json$/;

/**
 * Copies what a tool reads when it runs out of its package's Go module, which the build has fetched into Go's module
 * cache and verified by `go.sum`.
 *
 * @throws the signal's reason, and errors of the file system.
 */
export async function copyModuleFiles(
  options: ModuleFilesOptions,
): Promise<CopiedFiles | CopyFailure> {
  const { recipe, source, directory, settings } = options;
  if (!source.files) return { ok: true };
  const what = `Go module of ${source.package}`;
  const listed = await runGo(['list', '-f={{.Module.Dir}}', source.package], { recipe, settings });
  if (!listed.ok) return { ok: false, what, reason: `cannot be found: ${listed.reason}` };
  for (const [name, path] of Object.entries(source.files)) {
    const from = join(listed.stdout.trim(), path);
    const copied = await copyFolder(from, join(directory, name)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return 0;
    });
    if (copied === 0) return { ok: false, what, reason: `has no files in ${path}` };
  }
  return { ok: true, directory };
}

// The module cache is read-only, and so would be a copy that keeps the modes: it could not be removed.
async function copyFolder(from: string, to: string): Promise<number> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !SOURCES.test(file));
  for (const file of files) {
    const target = join(to, file.slice(from.length));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
    await chmod(target, 0o644);
  }
  return files.length;
}
