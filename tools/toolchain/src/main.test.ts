import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ended, startNode } from './testing/child.ts';
import { ReleaseServer } from './testing/release-server.ts';

let cache: string;
let server: ReleaseServer;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'toolchain-test-'));
  server = await ReleaseServer.start();
});
afterEach(async () => {
  await server.stop();
  await rm(cache, { recursive: true });
});

function toolchain(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const argv = JSON.stringify(['node', 'toolchain', ...args]);
  return startNode(`process.argv = ${argv}; load('main.ts');`, {
    XDG_CACHE_HOME: cache,
    PROW_DEPLOY_MIRROR: server.url,
    PROW_DEPLOY_TOOLCHAIN: 'download',
    ...environment,
  });
}

test('an unknown tool is one line and exit status 1', async () => {
  const { status, stderr } = await ended(toolchain(['helm']));
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Cannot install helm: it is none of kustomize, .*\n$/);
});

test('a tool that cannot be had is one message without a stack, and exit status 1', async () => {
  const { status, stdout, stderr } = await ended(toolchain(['kwok']));
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('Cannot install kwok v0.8.0 for ');
  expect(stderr).toMatch(/download: http:\S+\/kwok-\S+ answers with status 404/);
  expect(stderr).not.toContain('    at ');
});

test('a wrong setting is said, and nothing is tried', async () => {
  const { status, stderr } = await ended(toolchain([], { PROW_DEPLOY_TOOLCHAIN: 'brew' }));
  expect(status).toBe(1);
  expect(stderr).toContain('PROW_DEPLOY_TOOLCHAIN=brew');
  expect(server.requests).toEqual([]);
});

test('--help says how it is used', async () => {
  const { status, stdout } = await ended(toolchain(['--help']));
  expect(status).toBe(0);
  expect(stdout).toContain('Usage: toolchain [--json] [tool...]');
});

test('an interrupt ends it with status 130, and leaves nothing half-written', async () => {
  const asked = new Promise<void>((resolve) => {
    const hold = () => {
      resolve();
    };
    server.answer('kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-{platform}', hold);
  });
  const child = toolchain(['kwok']);
  const end = ended(child);
  await asked;
  child.kill('SIGINT');
  const { status, stderr } = await end;
  expect(status).toBe(130);
  expect(stderr).toMatch(/Stopped by SIGINT\.\n$/);
  expect(await readdir(join(cache, 'prow-deploy', 'toolchain'))).toEqual(['.locks']);
});
