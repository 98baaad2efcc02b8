import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolEntry } from './catalogue.ts';
import { ensureToolsOf } from './ensure-tools.ts';
import { findInstalled } from './installed.ts';
import { resolveSettings } from './settings.ts';
import { ended, startNode } from './testing/child.ts';
import { ReleaseServer } from './testing/release-server.ts';
import { forEveryPlatform, type ReleasedTool, SCRIPT, Sandbox, sha256 } from './testing/sandbox.ts';

let sandbox: Sandbox;
let server: ReleaseServer;

beforeEach(async () => {
  sandbox = await Sandbox.create();
  server = await ReleaseServer.start();
  server.answer('v1.2.3/greet-{platform}', SCRIPT);
});
afterEach(async () => {
  await server.stop();
  await sandbox.remove();
});

async function ensure(change?: (tool: string, entry: ReleasedTool) => ToolEntry): Promise<string> {
  const options = { ...sandbox.options, mirror: server.url };
  return (await ensureToolsOf(await sandbox.catalogue(change), ['greet'], options)).greet;
}

describe('a tool in the cache', () => {
  const broken: { name: string; by: (path: string) => Promise<unknown> }[] = [
    { name: 'truncated', by: (path) => truncate(path, 5) },
    { name: 'empty', by: (path) => truncate(path, 0) },
    { name: 'missing', by: (path) => rm(path) },
    { name: 'not executable', by: (path) => chmod(path, 0o644) },
    { name: 'without receipt', by: (path) => rm(join(dirname(path), 'receipt.json')) },
    {
      name: 'with half a receipt',
      by: (path) => truncate(join(dirname(path), 'receipt.json'), 20),
    },
  ];

  test.each(broken)('that is $name is not used, but installed again', async ({ by }) => {
    const path = await ensure();
    await by(path);
    expect(await ensure()).toBe(path);
    expect(await readFile(path, 'utf8')).toBe(SCRIPT);
    expect(server.requests).toHaveLength(2);
  });

  test('whose pin changed is not used', async () => {
    await ensure();
    server.answer('v1.2.3/greet-{platform}', 'another');
    const path = await ensure((_, entry) => ({
      ...entry,
      release: {
        ...entry.release,
        platforms: forEveryPlatform({ sha256: sha256('another') }),
      },
    }));
    expect(await readFile(path, 'utf8')).toBe('another');
  });

  test('of another version is not used', async () => {
    await ensure();
    server.answer('v1.2.4/greet-{platform}', SCRIPT);
    expect(await ensure((_, entry) => ({ ...entry, version: 'v1.2.4' }))).toContain('v1.2.4');
  });

  test('that was downloaded is not used where only builds are allowed', async () => {
    const path = await ensure();
    const catalogue = await sandbox.catalogue();
    const { cacheDirectory } = sandbox;
    const found = (source: 'build-first' | 'build') =>
      findInstalled(catalogue, 'greet', resolveSettings({ cacheDirectory, source }));
    expect(found('build-first')).toBe(path);
    expect(found('build')).toBeUndefined();
  });

  test('is found without loading anything that downloads or builds', async () => {
    await ensure();
    const code = `
      const { openCatalogue } = load('catalogue.ts');
      const { ensureToolsOf } = load('ensure-tools.ts');
      const catalogue = openCatalogue(${JSON.stringify(join(sandbox.directory, 'catalogue'))});
      const cacheDirectory = ${JSON.stringify(sandbox.cacheDirectory)};
      ensureToolsOf(catalogue, ['greet'], { cacheDirectory }).then(() => {
        console.log(JSON.stringify(loaded()));
      });`;
    const result = await ended(startNode(code));
    expect(result.stderr).toBe('');
    const loaded = JSON.parse(result.stdout) as string[];
    const heavy =
      /toolchain\/src\/(install|download|go-build)\.ts|node_modules\/(undici|execa|tar)\//;
    expect(loaded.filter((file) => file.includes('toolchain/src'))).not.toEqual([]);
    expect(loaded.filter((file) => heavy.test(file))).toEqual([]);
  });
});

describe('where the cache is', () => {
  test('XDG_CACHE_HOME says, when it is absolute', () => {
    const at = (xdg: string) => resolveSettings({}, { XDG_CACHE_HOME: xdg }).toolDirectory;
    expect(at('/var/cache/me')).toBe('/var/cache/me/prow-deploy/toolchain');
    expect(at('relative')).toMatch(/\/\.cache\/prow-deploy\/toolchain$/);
  });

  test('a folder that cannot be written is one clear error', async () => {
    const cacheDirectory = join(sandbox.directory, 'file');
    await writeFile(cacheDirectory, '');
    await expect(
      ensureToolsOf(await sandbox.catalogue(), ['greet'], { ...sandbox.options, cacheDirectory }),
    ).rejects.toMatchObject({
      code: 'cache-not-writable',
      message: expect.stringContaining('Set XDG_CACHE_HOME to a folder that can') as string,
    });
  });
});
