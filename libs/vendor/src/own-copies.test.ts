import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkCopy, listCopies } from './copy/check-copy.ts';
import { listUpstreams, readUpstream } from './copy/upstream.ts';

const root = process.cwd();
const upstreams = await Promise.all(
  (await listUpstreams(root)).map((name) => readUpstream({ workspaceRoot: root, name })),
);
const copies = (await Promise.all(upstreams.map(listCopies))).flat();

describe('the copies in this repository', () => {
  test('there are some', () => {
    expect(upstreams.map(({ name }) => name)).toContain('test-infra');
    expect(copies.length).toBeGreaterThan(0);
  });

  test.each(copies.map((copy) => relative(root, copy)))('%s is exact', async (copy) => {
    const { problems } = await checkCopy(`${root}/${copy}`, root);
    expect(problems.map(({ message }) => message)).toEqual([]);
  });
});
