import { expect, test } from 'vitest';
import { type EnvironmentStatus } from './environment-status.ts';
import { ageOf, formatStatus } from './format-status.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const builtFrom = {
  commit: '1f8084bc21af8774266754ffa6c047f7bb35776d',
  date: '2026-11-16T12:00:00Z',
  configVersion: '20261123',
};

const images = ['exporter', 'cherrypicker'].map((name, index) => ({
  index,
  name,
  from: 'v20240619-cfb8754e0',
}));

async function rowOf(cluster: EnvironmentStatus['cluster']): Promise<string> {
  const [, row = ''] = await formatStatus(
    [{ environment: 'one', builtFrom, images, cluster }],
    NOW,
  );
  return row;
}

test('commit, its age, tags, base configuration, last apply and drift stand in columns', async () => {
  const [head, down] = await formatStatus(
    [{ environment: 'one', builtFrom, images, cluster: { outcome: 'down' } }],
    NOW,
  );
  expect(head).toBe(
    'ENVIRONMENT   VENDORED COMMIT   AGE   IMAGES                CONFIG     LAST APPLY   DRIFT',
  );
  expect(down).toBe(
    'one           1f8084bc21af      10d   v20240619-cfb8754e0   20261123   no cluster   -',
  );
});

test('a tag that lags behind the vendored commit is told below', async () => {
  const cluster = { outcome: 'down' } as const;
  const lagging = { index: 2, name: 'branchprotector', from: 'v1', to: 'v2' };
  const lines = await formatStatus(
    [
      { environment: 'one', builtFrom, images: [...images, lagging], cluster },
      { environment: 'two', builtFrom, images: [], cluster },
    ],
    NOW,
  );
  expect(lines[1]).toContain(' v20240619-cfb8754e0, v1 ');
  expect(lines[2]).toMatch(/^two .* 10d +- +20261123/);
  expect(lines.slice(3)).toEqual([
    'one: image branchprotector is at v1, its vendored commit at v2',
  ]);
});

test('nothing applied yet, nothing to drift', async () => {
  expect(await rowOf({ outcome: 'read' })).toMatch(/never +-$/);
});

test('what cannot be told is unknown, and the reason stands below', async () => {
  const lines = await formatStatus(
    [{ environment: 'one', problem: 'no copy', cluster: { outcome: 'unknown', reason: 'no way' } }],
    NOW,
  );
  expect(lines[1]).toMatch(/^one +\? +\? +\? +\? +unknown +unknown$/);
  expect(lines.slice(2)).toEqual(['one: no copy', 'one: no way']);
});

test.each([
  ['2026-11-26T11:59:20Z', '40s'],
  ['2026-11-26T11:55:00Z', '5m'],
  ['2026-11-26T09:00:00Z', '3h'],
  ['2026-07-29T12:00:00Z', '120d'],
  ['2026-11-26T12:00:05Z', '0s'],
])('%s was %s ago', (date, age) => {
  expect(ageOf(date, NOW)).toBe(age);
});
