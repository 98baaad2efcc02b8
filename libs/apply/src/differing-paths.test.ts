import { expect, test } from 'vitest';
import { differingPaths } from './differing-paths.ts';

const cases: [name: string, one: unknown, other: unknown, paths: string[]][] = [
  ['equal values', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ['a value', { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, ['.spec.replicas']],
  ['a value that only one has', { a: 1 }, { a: 1, b: 2 }, ['.b']],
  ['a value of another type', { a: '1' }, { a: { b: 1 } }, ['.a']],
  ['a key with a dot', { data: { 'config.yaml': 'a' } }, { data: {} }, ['.data["config.yaml"]']],
  [
    'an item by its place',
    { args: ['a', 'b'] },
    { args: ['a', 'c', 'd'] },
    ['.args[1]', '.args[2]'],
  ],
  [
    'an item by its name, wherever it is',
    {
      containers: [
        { name: 'a', image: '1' },
        { name: 'b', image: '1' },
      ],
    },
    {
      containers: [
        { name: 'b', image: '2' },
        { name: 'a', image: '1' },
      ],
    },
    ['.containers[name="b"].image'],
  ],
  ['an item that only one has', { a: [{ name: 'x' }] }, { a: [] }, ['.a[name="x"]']],
];

test.each(cases)('%s', (_name, one, other, paths) => {
  expect(differingPaths(one, other)).toEqual(paths);
});
