import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureToolsOf } from './ensure-tools.ts';
import { ended, startNode } from './testing/child.ts';
import { Sandbox } from './testing/sandbox.ts';

const run = promisify(execFile);

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.create();
  await sandbox.catalogue();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox.remove();
});

/** A process that installs greet from source and prints its progress as JSON. */
function startInstaller(path?: string) {
  const code = `
    const { openCatalogue } = load('catalogue.ts');
    const { ensureToolsOf } = load('ensure-tools.ts');
    const catalogue = openCatalogue(${JSON.stringify(join(sandbox.directory, 'catalogue'))});
    ensureToolsOf(catalogue, ['greet'], {
      cacheDirectory: ${JSON.stringify(sandbox.cacheDirectory)},
      source: 'build',
      onProgress: (event) => console.log(JSON.stringify(event)),
    });`;
  return startNode(code, path === undefined ? {} : { PATH: path });
}

/** A PATH whose go takes as long as `seconds` before it does anything. */
async function slowGo(seconds: number): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'command -v go']);
  const bin = await sandbox.bin({ go: `sleep ${seconds}\nexec ${stdout.trim()} "$@"` });
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

async function lockHeld(): Promise<void> {
  const locks = join(sandbox.cacheDirectory, 'toolchain', '.locks');
  await vi.waitFor(
    async () => {
      expect(await readdir(locks)).toContain('greet.json');
    },
    {
      timeout: 10_000,
      interval: 20,
    },
  );
}

describe('two runs at once', () => {
  test('install a tool once, and the one that waits says for whom', async () => {
    const first = startInstaller(await slowGo(0.7));
    const firstEnded = ended(first);
    await lockHeld();
    const second = await ended(startInstaller());
    const { stdout } = await firstEnded;
    expect(stdout).toContain('"type":"installed"');
    expect(second.status).toBe(0);
    expect(second.stdout).toContain(`"type":"waiting","tools":["greet"],"pid":${first.pid}`);
    expect(second.stdout).not.toContain('"type":"building"');
    expect(second.stdout).not.toContain('"type":"installed"');
  });

  test('in one process install a tool once', async () => {
    const catalogue = await sandbox.catalogue();
    const options = { ...sandbox.options, source: 'build' as const };
    const [a, b] = await Promise.all([
      ensureToolsOf(catalogue, ['greet'], options),
      ensureToolsOf(catalogue, ['greet'], options),
    ]);
    expect(a.greet).toBe(b.greet);
    expect(sandbox.eventsOf('installed')).toHaveLength(1);
  });

  test('of which one is killed: the other takes over', async () => {
    const first = startInstaller(await slowGo(15));
    await lockHeld();
    first.kill('SIGKILL');
    await ended(first);
    const started = Date.now();
    const { greet } = await ensureToolsOf(await sandbox.catalogue(), ['greet'], {
      ...sandbox.options,
      source: 'build',
    });
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
    expect(sandbox.eventsOf('waiting').length).toBeGreaterThan(0);
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  test('of which one does not end: the other gives up after its deadline, or when it is aborted', async () => {
    const first = startInstaller(await slowGo(15));
    const end = ended(first);
    await lockHeld();
    const catalogue = await sandbox.catalogue();
    const { options } = sandbox;
    const timeouts = { ...options.timeouts, lock: 300 };
    await expect(
      ensureToolsOf(catalogue, ['greet'], { ...options, source: 'build', timeouts }),
    ).rejects.toMatchObject({
      code: 'lock-timeout',
      message: expect.stringContaining(`process ${first.pid}`) as string,
    });
    const signal = AbortSignal.timeout(300);
    await expect(
      ensureToolsOf(catalogue, ['greet'], { ...options, source: 'build', signal }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    first.kill('SIGTERM');
    await end;
  });
});
