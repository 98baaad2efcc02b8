import { ownCatalogue, toolEntry, type Catalogue } from './catalogue.ts';
import { ToolchainError } from './errors.ts';
import { findInstalled } from './installed.ts';
import { resolveSettings, type ToolchainOptions } from './settings.ts';
import { TOOLS, type ToolName } from './tools.ts';

/** The tools that are for this machine's operating system. */
export function toolsOfThisSystem(): readonly ToolName[] {
  return TOOLS.filter((name) => {
    const { systems } = toolEntry(ownCatalogue(), name);
    return systems?.includes(process.platform) ?? true;
  });
}

/** The tools for this machine's operating system that are installed without being asked for by name. */
export function everydayTools(): readonly ToolName[] {
  return toolsOfThisSystem().filter((name) => toolEntry(ownCatalogue(), name).onDemand !== true);
}

/** The pinned version of a tool, such as `v5.7.1`. */
export function toolVersion(name: ToolName): string {
  return toolEntry(ownCatalogue(), name).version;
}

/**
 * Gives the absolute path of a tool at its pinned version. A tool in the cache costs a small read and a stat. Otherwise
 * it is downloaded from its official release and verified, or built from its Go module; see `ToolchainOptions.source`.
 *
 * @throws {ToolchainError}
 * @throws the signal's reason, once it is aborted.
 */
export async function ensureTool(name: ToolName, options: ToolchainOptions = {}): Promise<string> {
  return (await ensureTools([name], options))[name];
}

/**
 * Like `ensureTool`, for several tools. Those of one Go module are built together, in a fraction of the time.
 *
 * @returns the absolute path of each tool, by its name.
 */
export function ensureTools<Name extends ToolName>(
  names: readonly Name[],
  options: ToolchainOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  return ensureToolsOf(ownCatalogue(), names, options);
}

/** Like `ensureTools`, for any catalogue. */
export async function ensureToolsOf<Name extends string>(
  catalogue: Catalogue,
  names: readonly Name[],
  options: ToolchainOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  const settings = resolveSettings(options);
  settings.signal?.throwIfAborted();
  const missing = names.filter((name) => !findInstalled(catalogue, name, settings));
  if (missing.length > 0) {
    const { install } = await import('./install.ts');
    await install(catalogue, missing, settings);
  }
  const paths = names.map((name) => [name, findInstalled(catalogue, name, settings)] as const);
  const vanished = paths.find(([, path]) => path === undefined);
  if (vanished)
    throw new ToolchainError(
      'unavailable',
      `Cannot use ${vanished[0]}: it was removed from ${settings.toolDirectory} right after its installation. Run it again.`,
    );
  return Object.fromEntries(paths) as Record<Name, string>;
}
