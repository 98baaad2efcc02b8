import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ToolEntry } from './catalogue.ts';
import { ensureToolsOf } from './ensure-tools.ts';
import { ToolchainError } from './errors.ts';
import { ReleaseServer } from './testing/release-server.ts';
import { forEveryPlatform, type ReleasedTool, SCRIPT, Sandbox, sha256 } from './testing/sandbox.ts';

const run = promisify(execFile);
const GREET = 'v1.2.3/greet-{platform}';

let sandbox: Sandbox;
let server: ReleaseServer;

beforeEach(async () => {
  sandbox = await Sandbox.create();
  server = await ReleaseServer.start();
});
afterEach(async () => {
  await server.stop();
  await sandbox.remove();
});

async function ensure(
  options: {
    source?: 'download-first' | 'download';
    change?: (tool: string, entry: ReleasedTool) => ToolEntry;
  } = {},
) {
  const { source = 'download-first', change } = options;
  const catalogue = await sandbox.catalogue(change);
  return ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source, mirror: server.url });
}

async function failure(promise: Promise<unknown>): Promise<ToolchainError> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ToolchainError);
  return error as ToolchainError;
}

describe('a release that is there', () => {
  test('is downloaded, verified, executable, and not asked for again', async () => {
    server.answer(GREET, SCRIPT);
    const { greet } = await ensure();
    expect((await run(greet)).stdout).toBe('downloaded\n');
    expect((await ensure()).greet).toBe(greet);
    expect(server.requests).toHaveLength(1);
    expect(sandbox.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['downloading', 'verifying', 'installed']),
    );
    expect(sandbox.eventsOf('downloading').at(-1)).toMatchObject({
      bytes: SCRIPT.length,
      total: SCRIPT.length,
    });
  });

  test('leaves the tool and its receipt behind, and nothing else', async () => {
    server.answer(GREET, SCRIPT);
    await ensure();
    const files = (await sandbox.cached()).map((path) => path.split('/').at(-1));
    expect(files).toEqual(['greet', 'receipt.json']);
  });

  test('is found behind a redirect', async () => {
    server.answer(GREET, (_, answer) => answer.writeHead(302, { location: '/elsewhere' }).end());
    server.answer('elsewhere', SCRIPT);
    const { greet } = await ensure();
    expect(await readFile(greet, 'utf8')).toBe(SCRIPT);
  });

  test('is given up after too many redirects', async () => {
    server.answer(GREET, (_, answer) => answer.writeHead(302, { location: '#' }).end());
    const error = await failure(ensure({ source: 'download' }));
    expect(error.message).toContain('redirects more than 5 times');
  });

  test('is taken out of a .tar.gz', async () => {
    const archive = await tarOf({ 'greet-v1.2.3/greet': SCRIPT, 'greet-v1.2.3/README': 'x' });
    server.answer('v1.2.3/greet.tar.gz', archive);
    const { greet } = await ensure({ change: archived('tar.gz', archive) });
    expect((await run(greet)).stdout).toBe('downloaded\n');
    expect(await sandbox.cached()).toHaveLength(2);
  });

  test('is taken out of a .zip', async () => {
    const archive = zipOf('greet-v1.2.3/greet', SCRIPT);
    server.answer('v1.2.3/greet.zip', archive);
    const { greet } = await ensure({ change: archived('zip', archive) });
    expect((await run(greet)).stdout).toBe('downloaded\n');
  });

  test('without the executable in its archive is an error, not a build', async () => {
    const archive = await tarOf({ 'other/greet': SCRIPT });
    server.answer('v1.2.3/greet.tar.gz', archive);
    const error = await failure(ensure({ change: archived('tar.gz', archive) }));
    expect(error.code).toBe('bad-archive');
    expect(error.message).toContain('holds no file greet-v1.2.3/greet');
  });
});

describe('a release with wrong bytes', () => {
  test('is an error that names both digests, and is not built instead', async () => {
    server.answer(GREET, 'something else');
    const error = await failure(ensure());
    expect(error.code).toBe('wrong-checksum');
    expect(error.message).toContain(sha256('something else'));
    expect(error.message).toContain(`${sha256(SCRIPT)} is pinned`);
    expect(sandbox.eventsOf('building')).toEqual([]);
    expect(await sandbox.cached()).toEqual([]);
  });
});

describe('a release that cannot be had', () => {
  const cases: {
    name: string;
    answer: Parameters<ReleaseServer['answer']>[1] | undefined;
    reason: RegExp;
    requests: number;
  }[] = [
    { name: '404', answer: undefined, reason: /answers with status 404/, requests: 1 },
    {
      name: 'a server error',
      answer: (_, answer) => answer.writeHead(503).end(),
      reason: /answers with status 503/,
      requests: 1,
    },
    {
      name: 'no answer',
      answer: () => undefined,
      reason: /127\.0\.0\.1:\d+ gave no answer in 500 ms/,
      requests: 1,
    },
    {
      name: 'a body that is cut off',
      answer: (_, answer) => {
        answer.writeHead(200, { 'content-length': 1000 }).write('half');
        setTimeout(() => answer.destroy(), 50);
      },
      reason: /broke off in the middle/,
      requests: 2,
    },
    {
      name: 'a body that stalls',
      answer: (_, answer) => answer.writeHead(200, { 'content-length': 1000 }).write('half'),
      reason: /sent nothing for 500 ms/,
      requests: 1,
    },
  ];

  test.each(cases)('$name: the tool is built, and told why', async ({ answer, reason }) => {
    if (answer !== undefined) server.answer(GREET, answer);
    const { greet } = await ensure();
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
    const [fallback] = sandbox.eventsOf('falling-back');
    expect(fallback).toMatchObject({ tools: ['greet'], next: 'build' });
    expect(fallback?.reason).toMatch(reason);
  });

  test.each(cases)('$name: an error where only downloads are allowed', async (c) => {
    if (c.answer !== undefined) server.answer(GREET, c.answer);
    const error = await failure(ensure({ source: 'download' }));
    expect(error.code).toBe('unavailable');
    expect(error.message).toMatch(c.reason);
    expect(error.message).toContain('PROW_DEPLOY_MIRROR');
    expect(error.attempts).toMatchObject([{ source: 'download' }]);
    expect(server.requests).toHaveLength(c.requests);
    expect(await sandbox.cached()).toEqual([]);
  });

  test('a host that gave no answer is not asked for the next tool', async () => {
    server.answer(GREET, () => undefined);
    server.answer('v1.2.3/wave-{platform}', SCRIPT);
    const catalogue = await sandbox.catalogue();
    const options = { ...sandbox.options, mirror: server.url, source: 'download' as const };
    await failure(ensureToolsOf(catalogue, ['greet', 'wave'], options));
    expect(server.requests).toHaveLength(1);
  });

  test('a refused connection fails at once', async () => {
    const gone = await ReleaseServer.start();
    const mirror = gone.url;
    await gone.stop();
    const catalogue = await sandbox.catalogue();
    const started = Date.now();
    const error = await failure(
      ensureToolsOf(catalogue, ['greet'], { ...sandbox.options, source: 'download', mirror }),
    );
    expect(error.message).toContain('cannot be reached (ECONNREFUSED)');
    expect(Date.now() - started).toBeLessThan(1_000);
  });

  test('a platform without a release is built', async () => {
    const change = (_: string, entry: ReleasedTool): ToolEntry => ({
      ...entry,
      release: { ...entry.release, platforms: {} },
    });
    const { greet } = await ensure({ change });
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
    expect(server.requests).toEqual([]);
    expect(sandbox.eventsOf('falling-back')[0]?.reason).toContain('publishes no greet for');
  });
});

describe('a release without a pin', () => {
  const unpinned = (_: string, entry: ReleasedTool): ToolEntry => ({
    ...entry,
    release: { ...entry.release, platforms: forEveryPlatform({}) },
  });
  const sums = (data: string) => `${sha256('x')}  other\n${sha256(data)} *{file}\n`;
  const publish = (data: string) => {
    server.answer(GREET, data);
    const file = [...server.answers.keys()].find((path) => path.includes('greet-')) ?? '';
    server.answer(
      'v1.2.3/SHA256SUMS',
      sums(data).replace('{file}', file.slice(file.indexOf('/') + 1)),
    );
  };
  async function forgetTool() {
    for (const file of await sandbox.cached())
      if (file.endsWith('receipt.json')) await writeFile(join(sandbox.cacheDirectory, file), '');
  }

  test('is verified against the digests that the release publishes', async () => {
    publish(SCRIPT);
    const { greet } = await ensure({ change: unpinned });
    expect(await readFile(greet, 'utf8')).toBe(SCRIPT);
  });

  test('is refused when it is not what was published', async () => {
    publish(SCRIPT);
    server.answer(GREET, 'something else');
    const error = await failure(ensure({ change: unpinned }));
    expect(error.code).toBe('wrong-checksum');
    expect(error.message).toContain(`${sha256(SCRIPT)} is published`);
  });

  test('is refused when another digest is published later', async () => {
    publish(SCRIPT);
    await ensure({ change: unpinned });
    await forgetTool();
    publish('something else');
    const error = await failure(ensure({ change: unpinned }));
    expect(error.code).toBe('wrong-checksum');
    expect(error.message).toContain(`now publishes ${sha256('something else')}`);
    expect(error.message).toContain(`${sha256(SCRIPT)} at the first download`);
  });

  test('is verified against the remembered digest when none is published any more', async () => {
    publish(SCRIPT);
    await ensure({ change: unpinned });
    await forgetTool();
    server.answers.delete('v1.2.3/SHA256SUMS');
    server.answer(GREET, 'something else');
    const error = await failure(ensure({ change: unpinned }));
    expect(error.message).toContain(`${sha256(SCRIPT)} is remembered`);
  });

  test('is not trusted when no digest is published: it is built', async () => {
    server.answer(GREET, SCRIPT);
    server.answer('v1.2.3/SHA256SUMS', `${sha256(SCRIPT)}  other\n`);
    const { greet } = await ensure({ change: unpinned });
    expect((await run(greet)).stdout).toBe('built v1.2.3\n');
    expect(sandbox.eventsOf('falling-back')[0]?.reason).toContain('publishes no SHA-256 digest');
  });
});

function archived(extension: string, archive: Buffer) {
  return (tool: string, entry: ReleasedTool): ToolEntry => ({
    ...entry,
    release: {
      ...entry.release,
      url: `https://releases.test/{version}/${tool}.{extension}`,
      member: `${tool}-{version}/${tool}`,
      platforms: forEveryPlatform({ extension, sha256: sha256(archive) }),
    },
  });
}

async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const { Header } = await import('tar');
  const blocks: Buffer[] = [];
  for (const [path, text] of Object.entries(files)) {
    const header = Buffer.alloc(512);
    new Header({ path, mode: 0o755, size: text.length, type: 'File', mtime: new Date(0) }).encode(
      header,
    );
    blocks.push(header, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0')));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A zip archive with one stored file: local header, data, central directory, end record. */
function zipOf(path: string, text: string): Buffer {
  const crc = crc32(Buffer.from(text));
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt32LE(crc, 10);
  shared.writeUInt32LE(text.length, 14);
  shared.writeUInt32LE(text.length, 18);
  shared.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([
    Buffer.from('PK\x03\x04'),
    shared,
    Buffer.from(path),
    Buffer.from(text),
  ]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    shared,
    Buffer.alloc(14),
    Buffer.from(path),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
