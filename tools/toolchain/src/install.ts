import { mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toolEntry, type Catalogue } from './catalogue.ts';
import type { DownloadFailure } from './download-failure.ts';
import { download, NOBODY } from './download.ts';
import { ToolchainError, type Attempt } from './errors.ts';
import { goBuild } from './go-build.ts';
import { withInstallLock } from './install-lock.ts';
import { findInstalled, putInstalled, sourcesOf, toolPath, type Finished } from './installed.ts';
import { copyModuleFiles } from './module-files.ts';
import { readRecipe } from './recipe.ts';
import { fileSha256 } from './save-body.ts';
import type { Settings } from './settings.ts';

/**
 * Gets tools that are not in the cache, Go module by Go module.
 *
 * @throws {ToolchainError}
 * @throws the signal's reason.
 */
export async function install(
  catalogue: Catalogue,
  tools: readonly string[],
  settings: Settings,
): Promise<void> {
  try {
    for (const [module, group] of byModule(catalogue, tools)) {
      await mkdir(settings.toolDirectory, { recursive: true });
      await withInstallLock({ module, tools: group, settings }, async (signal) => {
        // The run that held the lock may have installed them.
        const pending = group.filter((tool) => !findInstalled(catalogue, tool, settings));
        if (pending.length === 0) return;
        await inTemporaryFolder({ module, settings }, (directory) =>
          new Installation(catalogue, { ...settings, signal }, { module, directory }).run(pending),
        );
      });
    }
  } catch (error) {
    settings.signal?.throwIfAborted();
    throw explainDisk(error, settings);
  }
}

function byModule(catalogue: Catalogue, tools: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const tool of new Set(tools)) {
    const { module } = toolEntry(catalogue, tool).source;
    groups.set(module, [...(groups.get(module) ?? []), tool]);
  }
  return groups;
}

/** Gives a new folder on the cache's file system, and removes it and what killed runs left of the same module. */
async function inTemporaryFolder(
  options: { readonly module: string; readonly settings: Settings },
  work: (directory: string) => Promise<void>,
): Promise<void> {
  const parent = join(options.settings.toolDirectory, '.partial');
  const prefix = `${options.module}-`;
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent))
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  const directory = await mkdtemp(join(parent, prefix));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    // Another module's run may still be in there.
    await rmdir(parent).catch(() => undefined);
  }
}

/** The tries to get some tools of one Go module. */
class Installation {
  readonly #catalogue: Catalogue;
  readonly #settings: Settings;
  readonly #module: string;
  readonly #directory: string;
  readonly #started = Date.now();
  readonly #attempts: Attempt[] = [];

  constructor(
    catalogue: Catalogue,
    settings: Settings,
    at: { readonly module: string; readonly directory: string },
  ) {
    this.#catalogue = catalogue;
    this.#settings = settings;
    this.#module = at.module;
    this.#directory = at.directory;
  }

  async run(tools: readonly string[]): Promise<void> {
    const sources = sourcesOf(this.#settings.source);
    let pending = tools;
    for (const [i, source] of sources.entries()) {
      const tried = this.#attempts.length;
      pending =
        source === 'download' ? await this.#downloadEach(pending) : await this.#buildAll(pending);
      if (pending.length === 0) return;
      const next = sources[i + 1];
      // That a tool is always built is no news.
      const reasons = this.#attempts
        .slice(tried)
        .filter(({ what }) => what !== NOBODY)
        .map(({ what, reason }) => `${what} ${reason}`);
      if (next && reasons.length > 0)
        this.#settings.onProgress({
          type: 'falling-back',
          tools: pending,
          reason: [...new Set(reasons)].join('; '),
          next,
        });
    }
    throw this.#unavailable(pending);
  }

  /** Downloads one after the other; returns those that cannot be downloaded. */
  async #downloadEach(tools: readonly string[]): Promise<string[]> {
    const failed: string[] = [];
    for (const tool of tools) {
      this.#settings.signal?.throwIfAborted();
      const directory = join(this.#directory, `download-${tool}`);
      await mkdir(directory);
      const entry = toolEntry(this.#catalogue, tool);
      const got = await download({ tool, entry, directory, settings: this.#settings });
      if (got.ok) {
        const { executable, url: from, releaseSha256, sha256 } = got;
        await this.#put(tool, { executable }, { source: 'download', from, releaseSha256, sha256 });
      } else {
        if (isTampering(got)) throw tampering(tool, got);
        this.#attempts.push({ source: 'download', what: got.where, reason: got.reason });
        failed.push(tool);
      }
      await rm(directory, { recursive: true, force: true });
    }
    return failed;
  }

  /** Builds all with one command; returns all when that fails. */
  async #buildAll(tools: readonly string[]): Promise<readonly string[]> {
    const [first] = tools;
    if (first === undefined) return [];
    const recipe = readRecipe(this.#catalogue, toolEntry(this.#catalogue, first));
    const directory = join(this.#directory, 'build');
    await mkdir(directory);
    const packages = new Map(
      tools.map((tool) => [tool, toolEntry(this.#catalogue, tool).source.package]),
    );
    const built = await goBuild({ recipe, packages, directory, settings: this.#settings });
    if (!built.ok) {
      const { remedy } = built;
      const what = `Go module ${this.#module}`;
      const reason = `cannot be built: ${built.reason}`;
      this.#attempts.push({ source: 'build', what, reason, remedy });
      return tools;
    }
    for (const [tool, executable] of built.executables) {
      const copied = await copyModuleFiles({
        recipe,
        source: toolEntry(this.#catalogue, tool).source,
        directory: join(this.#directory, `files-${tool}`),
        settings: this.#settings,
      });
      if (!copied.ok) {
        this.#attempts.push({ source: 'build', ...copied });
        return tools;
      }
      const sha256 = await fileSha256(executable);
      const { directory: files } = copied;
      await this.#put(tool, { executable, files }, { source: 'build', from: this.#module, sha256 });
    }
    return [];
  }

  async #put(
    tool: string,
    finished: Finished,
    origin: {
      readonly source: 'download' | 'build';
      readonly from: string;
      readonly releaseSha256?: string;
      readonly sha256: string;
    },
  ): Promise<void> {
    const { source } = origin;
    const { version } = toolEntry(this.#catalogue, tool);
    this.#settings.signal?.throwIfAborted();
    const path = toolPath(this.#catalogue, tool, { source, settings: this.#settings });
    await putInstalled(finished, path, { tool, version, ...origin });
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    this.#settings.onProgress({ type: 'installed', tool, version, path, source, seconds });
  }

  #unavailable(tools: readonly string[]): ToolchainError {
    const attempts = this.#attempts;
    const named = tools.map((tool) => `${tool} ${toolEntry(this.#catalogue, tool).version}`);
    const lines = attempts.map(({ source, what, reason }) => `  ${source}: ${what} ${reason}`);
    const remedies = attempts.flatMap(({ remedy }) => remedy ?? []);
    if (!attempts.some(({ source }) => source === 'build'))
      remedies.push('unset PROW_DEPLOY_TOOLCHAIN=download, so that it may be built');
    if (attempts.some(({ source, what }) => source === 'download' && what !== NOBODY))
      remedies.push('set PROW_DEPLOY_MIRROR to a host that has the official releases');
    const advice = [...new Set(remedies)].join(', or ') || 'See the reason above';
    return new ToolchainError(
      'unavailable',
      `Cannot install ${named.join(', ')} for ${this.#settings.platform}: no way worked.\n${[...new Set(lines)].join('\n')}\n${capitalized(advice)}.`,
      { attempts },
    );
  }
}

/** Failures that may be an attack or a broken pin, so that no other way may hide them. */
function isTampering({ code }: DownloadFailure): boolean {
  return code === 'wrong-checksum' || code === 'checksum-changed' || code === 'bad-archive';
}

function tampering(tool: string, failure: DownloadFailure): ToolchainError {
  const { code, where, reason } = failure;
  return new ToolchainError(
    code === 'bad-archive' ? 'bad-archive' : 'wrong-checksum',
    `Cannot install ${tool}: ${where} ${reason}. Nothing was installed: find out who changed it before you trust it, or build from source with PROW_DEPLOY_TOOLCHAIN=build.`,
    { attempts: [{ source: 'download', what: where, reason }] },
  );
}

function explainDisk(error: unknown, settings: Settings): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const where = settings.toolDirectory;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ToolchainError(
      'disk-full',
      `Cannot install into ${where}: the disk is full (${message}). Free some space, or set XDG_CACHE_HOME to a folder on another disk.`,
      { cause: error },
    );
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR')
    return new ToolchainError(
      'cache-not-writable',
      `Cannot install into ${where}: it cannot be written (${message}). Set XDG_CACHE_HOME to a folder that can.`,
      { cause: error },
    );
  return error;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
