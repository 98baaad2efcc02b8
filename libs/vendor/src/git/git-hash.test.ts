import { pick, seeded } from '@prow-deploy/testing';
import { describe, expect, test } from 'vitest';
import { type FileContent, testRepository } from '../testing/git-repository.ts';
import { treeHash } from './git-hash.ts';
import { readFolder } from './read-folder.ts';

const seed = Number(process.env['PROW_DEPLOY_SEED'] ?? 20261123);
const NAMES = [
  'a',
  'a.b',
  'a-b',
  'a0',
  'ab',
  'ä',
  'å日本',
  'Z',
  'z',
  ' ',
  'a b',
  "'",
  '"',
  '#',
  '~',
];

function randomFiles(random: () => number): Record<string, FileContent> {
  const files: Record<string, FileContent> = {};
  const fill = (folder: string, depth: number): void => {
    const names = new Set(Array.from({ length: 6 }, () => pick(random, NAMES)));
    for (const name of names) {
      const path = `${folder}${name}`;
      const kind = random();
      if (kind < 0.35 && depth < 3) fill(`${path}/`, depth + 1);
      else if (kind < 0.45) files[path] = { link: pick(random, ['a', '../x', '/absolute', 'ä/b']) };
      else if (kind < 0.6) files[path] = { run: `#!/bin/sh\n${random()}\n` };
      else files[path] = Buffer.from(Array.from({ length: 40 * random() }, () => 256 * random()));
    }
  };
  fill('', 0);
  return files;
}

describe('treeHash', () => {
  test(`equals git's, for 20 random folders (seed ${seed})`, { timeout: 60_000 }, async () => {
    const random = seeded(seed);
    for (const format of ['sha1', 'sha256'] as const) {
      const repository = await testRepository(format);
      try {
        for (let round = 0; round < 10; round += 1) {
          const files = randomFiles(random);
          await repository.commit({
            ...Object.fromEntries(
              Object.entries(files).map(([path, content]) => [`folder/${path}`, content]),
            ),
          });
          const read = await readFolder(`${repository.root}/folder`, format);
          expect(treeHash(read, format)).toBe(await repository.git('rev-parse', 'HEAD:folder'));
          expect(read.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
        }
      } finally {
        await repository.remove();
      }
    }
  });
});
