import { execFile, execFileSync } from 'node:child_process';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToolEntry } from './catalogue.ts';
import { ensureToolsOf } from './ensure-tools.ts';
import { ToolchainError } from './errors.ts';
import { toolFiles } from './installed.ts';
import { ReleaseServer } from './testing/release-server.ts';
import { SCRIPT, Sandbox } from './testing/sandbox.ts';

const run = promisify(execFile);

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox.remove();
});

async function failure(promise: Promise<unknown>): Promise<ToolchainError> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ToolchainError);
  return error as ToolchainError;
}

// A tool that nobody publishes.
function unpublished(_: string, { version, source }: ToolEntry): ToolEntry {
  return { version, source };
}

async function onlyInPath(scripts: Record<string, string>): Promise<void> {
  vi.stubEnv('PATH', `${await sandbox.bin(scripts)}:/usr/bin:/bin`);
}

describe('building', () => {
  test('tools of one Go module are built by one command, with their version in them', async () => {
    const catalogue = await sandbox.catalogue();
    const options = { ...sandbox.options, source: 'build' as const };
    const { greet, wave } = await ensureToolsOf(catalogue, ['greet', 'wave'], options);
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
    expect((await run(wave)).stdout).toBe('built v1.2.3\n');
    expect(sandbox.eventsOf('building')[0]).toMatchObject({ tools: ['greet', 'wave'] });
    expect(await sandbox.cached()).toHaveLength(4);
  });

  test('a tool built from another go.sum is not used', async () => {
    const catalogue = await sandbox.catalogue();
    const options = { ...sandbox.options, source: 'build' as const };
    const before = await ensureToolsOf(catalogue, ['greet'], options);
    await writeFile(join(catalogue.goDirectory, 'greet', 'go.sum'), '\n');
    const after = await ensureToolsOf(catalogue, ['greet'], options);
    expect(after.greet).not.toBe(before.greet);
    expect(sandbox.eventsOf('installed')).toHaveLength(2);
  });

  test('flags of the user do not change what is built', async () => {
    vi.stubEnv('GOFLAGS', '-tags=nonsense -mod=mod');
    vi.stubEnv('GOOS', 'plan9');
    const catalogue = await sandbox.catalogue();
    const { greet } = await ensureToolsOf(catalogue, ['greet'], {
      ...sandbox.options,
      source: 'build',
    });
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
  });

  test('without Go, and without a release, the error says what to install', async () => {
    const server = await ReleaseServer.start();
    await onlyInPath({});
    vi.stubEnv('PATH', await sandbox.bin({}));
    const catalogue = await sandbox.catalogue();
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, mirror: server.url }),
    );
    await server.stop();
    expect(error.code).toBe('unavailable');
    expect(error.attempts.map(({ source }) => source)).toEqual(['download', 'build']);
    expect(error.message).toMatch(/download: http:\S+ answers with status 404/);
    expect(error.message).toContain(
      'build: Go module greet cannot be built: there is no go in PATH',
    );
    expect(error.message).toContain('Install Go 1.21 or newer (https://go.dev/doc/install)');
  });

  test('with a Go that is too old, the error says which one is needed', async () => {
    await onlyInPath({ go: 'echo go1.20.14' });
    const catalogue = await sandbox.catalogue();
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source: 'build' }),
    );
    expect(error.message).toContain('needs Go 1.21 or newer, and go1.20.14 is installed');
  });

  test('what does not compile is shown, and nothing stays behind', async () => {
    const catalogue = await sandbox.catalogue();
    await writeFile(join(catalogue.goDirectory, 'greet', 'greet', 'main.go'), 'package main\nx\n');
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source: 'build' }),
    );
    expect(error.message).toContain('main.go:2:1: syntax error');
    expect(await sandbox.cached()).toEqual([]);
  });

  test('a dependency that is not in go.sum is refused, and go.mod is left alone', async () => {
    const catalogue = await sandbox.catalogue();
    const goMod = join(catalogue.goDirectory, 'greet', 'go.mod');
    const text = `${await readFile(goMod, 'utf8')}\nrequire golang.org/x/text v0.14.0\n`;
    await writeFile(goMod, text);
    const source = `package main\nimport "golang.org/x/text/language"\nfunc main() { println(language.English.String()) }\n`;
    await writeFile(join(catalogue.goDirectory, 'greet', 'greet', 'main.go'), source);
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source: 'build' }),
    );
    expect(error.message).toContain('missing go.sum entry');
    expect(await readFile(goMod, 'utf8')).toBe(text);
  });

  test('build-first downloads when the build fails', async () => {
    const server = await ReleaseServer.start();
    server.answer('v1.2.3/greet-{platform}', SCRIPT);
    await onlyInPath({ go: 'echo broken >&2; exit 1' });
    const { greet } = await ensureToolsOf(await sandbox.catalogue(), ['greet'], {
      ...sandbox.options,
      source: 'build-first',
      mirror: server.url,
    });
    await server.stop();
    expect((await run(greet)).stdout).toBe('downloaded\n');
    expect(sandbox.eventsOf('falling-back')[0]).toMatchObject({ next: 'download' });
  });

  test('a tool that nobody publishes is built, without a try to download it', async () => {
    const catalogue = await sandbox.catalogue(unpublished);
    const { greet } = await ensureToolsOf(catalogue, ['greet'], sandbox.options);
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
    expect(sandbox.eventsOf('downloading')).toEqual([]);
    expect(sandbox.eventsOf('falling-back')).toEqual([]);
  });

  test('where only downloads are allowed, the error of such a tool says so', async () => {
    const catalogue = await sandbox.catalogue(unpublished);
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source: 'download' }),
    );
    expect(error.message).toContain('download: nobody publishes this greet');
    expect(error.message).toContain('Unset PROW_DEPLOY_TOOLCHAIN=download');
  });

  test('what a tool reads when it runs lies beside it, and can be changed and removed', async () => {
    const catalogue = await sandbox.catalogue((_, entry) => ({
      ...entry,
      source: { ...entry.source, files: { pages: 'web/pages' } },
    }));
    const pages = join(catalogue.goDirectory, 'greet', 'web', 'pages');
    await mkdir(join(pages, 'deep'), { recursive: true });
    await writeFile(join(pages, 'index.html'), '<p>', { mode: 0o444 });
    await writeFile(join(pages, 'deep', 'style.css'), 'p {}');
    await writeFile(join(pages, 'deep', 'script.ts'), 'let a');
    const options = { ...sandbox.options, source: 'build' as const };
    const { greet } = await ensureToolsOf(catalogue, ['greet'], options);
    const files = toolFiles(greet);
    expect((await readdir(files, { recursive: true })).sort()).toEqual([
      'pages',
      'pages/deep',
      'pages/deep/style.css',
      'pages/index.html',
    ]);
    expect((await stat(join(files, 'pages', 'index.html'))).mode & 0o777).toBe(0o644);

    await rm(files, { recursive: true });
    expect((await ensureToolsOf(catalogue, ['greet'], options)).greet).toBe(greet);
    expect(await readFile(join(files, 'pages', 'index.html'), 'utf8')).toBe('<p>');
  });

  test('files that the module does not have are an error', async () => {
    const catalogue = await sandbox.catalogue((_, entry) => ({
      ...entry,
      source: { ...entry.source, files: { pages: 'web/pages' } },
    }));
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source: 'build' }),
    );
    expect(error.message).toContain(
      'Go module of releases.test/greet/greet has no files in web/pages',
    );
    expect(await sandbox.cached()).toEqual([]);
  });

  test('an abort stops go and removes what it wrote', async () => {
    const pidFile = join(sandbox.directory, 'pid');
    await onlyInPath({
      go: `if [ "$1" = env ]; then echo go1.99; exit; fi
echo $$ > ${pidFile}.part && mv ${pidFile}.part ${pidFile}
exec sleep 60`,
    });
    const stop = new AbortController();
    const promise = ensureToolsOf(await sandbox.catalogue(), ['greet'], {
      ...sandbox.options,
      source: 'build',
      signal: stop.signal,
    });
    const pid = Number(
      await vi.waitFor(() => readFile(pidFile, 'utf8'), { timeout: 5_000, interval: 20 }),
    );
    expect(isAlive(pid)).toBe(true);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(promise).rejects.toBe(reason);
    expect(isAlive(pid)).toBe(false);
    expect(await sandbox.cached()).toEqual([]);
  });

  test('what a killed run left behind is removed by the next', async () => {
    const left = join(sandbox.cacheDirectory, 'toolchain', '.partial', 'greet-abcdef', 'greet');
    await mkdir(dirname(left), { recursive: true });
    await writeFile(left, 'half');
    await ensureToolsOf(await sandbox.catalogue(), ['greet'], {
      ...sandbox.options,
      source: 'build',
    });
    expect((await sandbox.cached()).filter((path) => path.includes('.partial'))).toEqual([]);
  });
});

const mountable = canMount();

describe.skipIf(!mountable)(
  `a full disk${mountable ? '' : ' (skipped: a tmpfs needs Linux and root)'}`,
  () => {
    let mounted: string;

    beforeEach(async () => {
      mounted = join(sandbox.directory, 'cache');
      await mkdir(mounted);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mounted]);
    });
    afterEach(async () => {
      execFileSync('umount', [mounted]);
      await rm(mounted, { recursive: true });
    });

    test('while downloading is one error, and nothing stays behind', async () => {
      const server = await ReleaseServer.start();
      server.answer('v1.2.3/greet-{platform}', Buffer.alloc(4_000_000));
      const error = await failure(
        ensureToolsOf(await sandbox.catalogue(), ['greet'], {
          ...sandbox.options,
          mirror: server.url,
        }),
      );
      await server.stop();
      expect(error.code).toBe('disk-full');
      expect(error.message).toContain('XDG_CACHE_HOME');
      expect(await sandbox.cached()).toEqual([]);
    });

    test('while building is one error, and nothing stays behind', async () => {
      const error = await failure(
        ensureToolsOf(await sandbox.catalogue(), ['greet'], {
          ...sandbox.options,
          source: 'build',
        }),
      );
      expect(error.code).toBe('disk-full');
      expect(await sandbox.cached()).toEqual([]);
    });
  },
);

function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && tryMount();
}

/** Containers often have root without the right to mount. */
function tryMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
