import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@prow-deploy/environment';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newArtifactsFolder } from './artifacts-folder.ts';
import { indexPage } from './index-page.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'artifacts-'));
});
afterEach(() => rm(root, { recursive: true }));

const folderOf = (second: number) =>
  newArtifactsFolder({ workspaceRoot: root, name: 'e' } as Environment, new Date(second * 1000));

test('the last five runs are kept', async () => {
  for (let second = 1; second <= 7; second += 1) await folderOf(second);
  expect(await readdir(join(root, 'dist/e/artifacts'))).toEqual(
    [3, 4, 5, 6, 7].map((second) => `1970-01-01T00-00-0${second}.000Z`),
  );
});

test('what is written is masked, and cut where it is too long', async () => {
  const folder = await folderOf(1);
  folder.mask = (text) => text.replaceAll('opensesame', '(masked)');
  await folder.write('logs/a.log', `${'x'.repeat(3 * 1024 * 1024)}opensesame\n`);
  const text = await readFile(join(folder.path, 'logs/a.log'), 'utf8');
  expect(text).toMatch(/^\(the first \d+ bytes are left out\)\nx+\(masked\)\n$/);
  expect(text.length).toBeLessThan(2.1 * 1024 * 1024);
  expect(folder.files).toEqual(['logs/a.log']);
  await expect(folder.write('../a', '')).rejects.toThrow('leads out of');
});

test('the page links what was collected, names what was not, and shows texts as they are', () => {
  const page = indexPage({
    title: 'Run <1>',
    at: 'now',
    steps: [{ name: 'apply', outcome: 'failed', durationMs: 1500, lines: ['a & b'] }],
    files: ['events.txt', 'logs/prow/a b.log'],
    missing: ['logs: none'],
  });
  expect(page).toContain('<h1>Run &lt;1&gt;</h1>');
  expect(page).toContain('<td>failed</td><td>1.5 s</td><td><pre>a &amp; b</pre></td>');
  expect(page).toContain('<a href="logs/prow/a%20b.log">a b.log</a>');
  expect(page).toContain('<li>logs: none</li>');
});
