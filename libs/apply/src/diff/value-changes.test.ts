import { expect, test } from 'vitest';
import { valueChanges } from './value-changes.ts';

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
  ['an item that is put first', { args: ['b', 'c'] }, { args: ['a', 'b', 'c'] }, ['.args[0]']],
  [
    'an item by what names the items of both lists',
    { mounts: [{ name: 'a', mountPath: '/a' }] },
    {
      mounts: [
        { name: 'a', mountPath: '/a' },
        { name: 'a', mountPath: '/b' },
      ],
    },
    ['.mounts[mountPath="/b"]'],
  ],
];

test.each(cases)('%s', (_name, one, other, paths) => {
  expect(valueChanges(one, other).map(({ path }) => path)).toEqual(paths);
});
