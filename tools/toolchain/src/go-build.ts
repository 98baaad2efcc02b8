import { join, posix } from 'node:path';
import { createInterface } from 'node:readline';
import { isGoAtLeast } from './go-version.ts';
import type { Recipe } from './recipe.ts';
import type { Settings } from './settings.ts';

export interface GoBuildOptions {
  readonly recipe: Recipe;
  /** Command package of each tool, by the tool's name. */
  readonly packages: ReadonlyMap<string, string>;
  /** An existing temporary folder. */
  readonly directory: string;
  readonly settings: Settings;
}

export interface GoBuilt {
  readonly ok: true;
  /** Path of each executable in the temporary folder, by the tool's name. */
  readonly executables: ReadonlyMap<string, string>;
}

export interface GoBuildFailure {
  readonly ok: false;
  readonly reason: string;
  readonly remedy: string | undefined;
}

/** How long `go` may take to stop after an interrupt, in milliseconds. */
const STOP_WITHIN = 5_000;

/**
 * Builds tools of one Go module with a single `go build`, which shares what they have in common. `go.sum` is verified
 * and never written; Go's own build and module caches stay the user's.
 *
 * @throws the signal's reason, and an error with code ENOSPC where a disk is full.
 */
export async function goBuild(options: GoBuildOptions): Promise<GoBuilt | GoBuildFailure> {
  const { recipe, packages, directory, settings } = options;
  const go = await usableGo(recipe, settings);
  if (!go.ok) return go;

  const tools = [...packages.keys()];
  const started = Date.now();
  let line: string | undefined;
  const report = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    settings.onProgress({ type: 'building', tools, seconds, line });
  };
  report();
  const ticker = setInterval(report, 1000);
  try {
    const building = await runGo(buildArguments(recipe, { packages, directory }), {
      recipe,
      settings,
      // The linker writes as much as the tool's size; where that is, is the user's choice, or else the cache's disk.
      temporary: directory,
      onLine: (text) => {
        // Package paths (-v) and "go: downloading …"; what has blanks in it otherwise is a message.
        if (!/\s/.test(text) || text.startsWith('go: downloading')) line = text;
      },
    });
    if (!building.ok) return building;
  } finally {
    clearInterval(ticker);
  }
  const executables = new Map<string, string>();
  for (const [tool, path] of packages) executables.set(tool, join(directory, commandName(path)));
  return { ok: true, executables };
}

function buildArguments(
  recipe: Recipe,
  options: { readonly packages: ReadonlyMap<string, string>; readonly directory: string },
): string[] {
  const variables = Object.entries(recipe.variables).map(([name, value]) => `-X ${name}=${value}`);
  return [
    'build',
    '-v',
    '-trimpath',
    '-buildvcs=false',
    `-tags=${recipe.tags.join(',')}`,
    `-ldflags=${['-s', '-w', ...variables].join(' ')}`,
    '-o',
    `${options.directory}/`,
    ...options.packages.values(),
  ];
}

/** The name `go build` gives to a command: the last part of its path that is no major version. */
export function commandName(path: string): string {
  const last = posix.basename(path);
  return /^v\d+$/.test(last) ? posix.basename(posix.dirname(path)) : last;
}

async function usableGo(
  recipe: Recipe,
  settings: Settings,
): Promise<{ readonly ok: true } | GoBuildFailure> {
  // In the module's folder, so that GOTOOLCHAIN may choose a newer Go, as it would for the build.
  const asked = await runGo(['env', 'GOVERSION'], { recipe, settings });
  if (!asked.ok) return asked;
  const version = asked.stdout.trim();
  if (isGoAtLeast(version, recipe.goVersion)) return { ok: true };
  return {
    ok: false,
    reason: `needs Go ${recipe.goVersion} or newer, and ${version} is installed`,
    remedy: installGo(recipe),
  };
}

/** Runs `go` in a recipe's folder, with nothing of the user's settings that changes what is built. */
export async function runGo(
  args: readonly string[],
  options: {
    readonly recipe: Recipe;
    readonly settings: Settings;
    readonly temporary?: string;
    readonly onLine?: (line: string) => void;
  },
): Promise<{ readonly ok: true; readonly stdout: string } | GoBuildFailure> {
  const { recipe, settings, temporary, onLine } = options;
  const { signal, platform, timeouts } = settings;
  const { execa } = await import('execa');
  const [os = '', arch = ''] = platform.split('-');
  const child = execa('go', args, {
    cwd: recipe.directory,
    env: {
      CGO_ENABLED: '0',
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      GOOS: os,
      GOARCH: arch,
      ...(temporary !== undefined && !process.env['GOTMPDIR'] ? { GOTMPDIR: temporary } : {}),
    },
    stdin: 'ignore',
    reject: false,
    killSignal: 'SIGINT',
    forceKillAfterDelay: STOP_WITHIN,
    timeout: timeouts.build,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (onLine) createInterface({ input: child.stderr }).on('line', onLine);
  const result = await child;
  signal?.throwIfAborted();
  if (!result.failed) return { ok: true, stdout: result.stdout };
  if (result.code === 'ENOENT')
    return { ok: false, reason: 'there is no go in PATH', remedy: installGo(recipe) };
  if (result.timedOut)
    return { ok: false, reason: `took longer than ${timeouts.build} ms`, remedy: undefined };
  return explainFailure(result.stderr, recipe);
}

/** Finds in what `go` printed the reason, and what can be done about it. */
function explainFailure(stderr: string, recipe: Recipe): GoBuildFailure {
  const messages = stderr
    .split('\n')
    .filter((line) => /\s/.test(line.trim()) && !line.startsWith('go: downloading'));
  const reason = messages.slice(-6).join('\n').trim() || 'go failed without a message';
  if (/no space left on device/.test(stderr))
    throw Object.assign(new Error(reason), { code: 'ENOSPC' });
  if (/requires go >=|invalid go version|toolchain not available/.test(stderr))
    return { ok: false, reason, remedy: installGo(recipe) };
  if (/dial tcp|no such host|i\/o timeout|connection refused/.test(stderr))
    return {
      ok: false,
      reason,
      remedy: 'set GOPROXY to a Go module proxy that can be reached from here',
    };
  return { ok: false, reason, remedy: undefined };
}

function installGo(recipe: Recipe): string {
  return `install Go ${recipe.goVersion} or newer (https://go.dev/doc/install)`;
}
