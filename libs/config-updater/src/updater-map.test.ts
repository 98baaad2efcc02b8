import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readUpdaterMaps } from './updater-map.ts';

const read = (maps: string) => readUpdaterMaps({ config_updater: parse(maps) as unknown });

test("an entry has Prow's defaults", () => {
  expect(read('maps: { "a/*.yaml": { name: a } }')).toEqual([
    {
      pattern: 'a/*.yaml',
      names: ['a'],
      fullPathAsKey: false,
      gzip: false,
      clusters: { default: [''] },
    },
  ]);
});

test('an entry says its own key, namespaces and partitions', () => {
  expect(
    read(`
maps:
  a: { name: a, key: k, clusters: { default: [prow], build: [one, two] } }
  b: { partitioned_names: [b-0, b-1], use_full_path_as_key: true }
`),
  ).toMatchObject([
    { names: ['a'], key: 'k', clusters: { default: ['prow'], build: ['one', 'two'] } },
    { names: ['b-0', 'b-1'], fullPathAsKey: true },
  ]);
});

test('an entry is compressed as it says, or else as all are', () => {
  const maps = read('{ gzip: true, maps: { a: { name: a }, b: { name: b, gzip: false } } }');
  expect(maps.map(({ gzip }) => gzip)).toEqual([true, false]);
});

test('groups of clusters are resolved, and cost the full path as key, as in Prow', () => {
  expect(
    read(`
cluster_groups:
  ours: { clusters: [default, build], namespaces: [prow] }
  more: { clusters: [build], namespaces: [jobs] }
maps:
  a: { name: a, cluster_groups: [ours, more], use_full_path_as_key: true }
`),
  ).toMatchObject([
    { fullPathAsKey: false, clusters: { default: ['prow'], build: ['prow', 'jobs'] } },
  ]);
});

test('what Prow would refuse is passed over', () => {
  expect(readUpdaterMaps(undefined)).toEqual([]);
  expect(readUpdaterMaps('text')).toEqual([]);
  expect(read('maps: [a]')).toEqual([]);
  expect(read('maps: { a: [], b: { name: 1, partitioned_names: [1, b] } }')).toMatchObject([
    { names: [] },
    { names: ['b'] },
  ]);
});
