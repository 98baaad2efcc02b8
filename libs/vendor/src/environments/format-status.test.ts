import { expect, test } from 'vitest';
import { type EnvironmentStatus } from './environment-status.ts';
import { ageOf, formatStatus } from './format-status.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const builtFrom = {
  commit: '1f8084bc21af8774266754ffa6c047f7bb35776d',
  date: '2026-11-16T12:00:00Z',
  configVersion: '20261123',
};

async function rowOf(cluster: EnvironmentStatus['cluster']): Promise<string> {
  const [, row = ''] = await formatStatus([{ environment: 'one', builtFrom, cluster }], NOW);
  return row;
}

test('commit, its age, base configuration, last apply and drift stand in columns', async () => {
  const [head, down] = await formatStatus(
    [{ environment: 'one', builtFrom, cluster: { outcome: 'down' } }],
    NOW,
  );
  expect(head).toBe('ENVIRONMENT   VENDORED COMMIT   AGE   CONFIG     LAST APPLY   DRIFT');
  expect(down).toBe('one           1f8084bc21af      10d   20261123   no cluster   -');
});

test('nothing applied yet, nothing to drift', async () => {
  expect(await rowOf({ outcome: 'read' })).toMatch(/never +-$/);
});

test('what cannot be told is unknown, and the reason stands below', async () => {
  const lines = await formatStatus(
    [{ environment: 'one', problem: 'no copy', cluster: { outcome: 'unknown', reason: 'no way' } }],
    NOW,
  );
  expect(lines[1]).toMatch(/^one +\? +\? +\? +unknown +unknown$/);
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
