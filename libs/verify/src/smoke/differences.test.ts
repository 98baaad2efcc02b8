import { expect, test } from 'vitest';
import { differences } from './differences.ts';

test('what the program adds, sorts, leaves out or writes in another way is no difference', () => {
  const file = {
    plank: { timeout: '2h', pending: '90s' },
    tide: { queries: [{ repos: ['b', 'a'] }, { repos: ['c'] }], batch: false },
    none: {},
  };
  const loaded = {
    plank: { timeout: '2h0m0s', pending: '1m30s', more: 1 },
    tide: { queries: [{ repos: ['c'], labels: [] }, { repos: ['a', 'b'] }] },
  };
  expect(differences(file, loaded)).toEqual([]);
});

test.each([
  [{ a: { b: 1 } }, { a: { b: 2 } }, ['a.b']],
  [{ a: ['x', 'y'] }, { a: ['x'] }, ['a[1]']],
  [{ a: [{ name: 'x', n: 1 }] }, { a: [{ name: 'x', n: 2 }] }, ['a[0]']],
  [{ a: { b: 1 } }, {}, ['a.b']],
  [{ a: false }, { a: true }, ['a']],
  [{ a: '2h' }, { a: '3h0m0s' }, ['a']],
])('%j is not in %j', (file, loaded, found) => {
  expect(differences(file, loaded)).toEqual(found);
});
