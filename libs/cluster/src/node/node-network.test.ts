import { expect, test } from 'vitest';
import { freeNetworks, type NodeNetwork } from './node-network.ts';

function first(used: readonly string[], seed = 0): NodeNetwork | undefined {
  return freeNetworks(used, seed).next().value as NodeNetwork | undefined;
}

test('a block holds pods, Services and the link', () => {
  expect(first([])).toEqual({
    block: '198.18.0.0/22',
    pods: '198.18.0.0/24',
    services: '198.18.1.0/24',
    host: '198.18.2.1',
    node: '198.18.2.2',
  });
});

test.each([
  ['a route to a part of it', ['198.18.3.128/25'], '198.18.4.0/22'],
  ['an address in it', ['198.18.1.7'], '198.18.4.0/22'],
  ['an address of a larger network', ['198.18.200.1/16'], '198.19.0.0/22'],
  ['all of the first range', ['198.18.0.0/15'], '10.0.0.0/22'],
  ['all of two ranges', ['198.18.0.0/15', '10.0.0.0/8'], '172.16.0.0/22'],
  [
    'the default route, also in two halves',
    ['default', '0.0.0.0/1', '128.0.0.0/1'],
    '198.18.0.0/22',
  ],
  ['a network of IPv6', ['fd00::/64', 'fe80::1'], '198.18.0.0/22'],
])('%s is left alone', (_name, used, block) => {
  expect(first(used)?.block).toBe(block);
});

test('there may be none', () => {
  expect(first(['198.18.0.0/15', '10.0.0.0/8', '172.16.0.0/12'])).toBeUndefined();
});

test('the seed says where the search begins, and it goes round', () => {
  expect(first([], 5)?.block).toBe('198.18.20.0/22');
  expect(first([], 128 + 5)?.block).toBe('198.18.20.0/22');
  expect(first(['198.19.252.0/22'], 127)?.block).toBe('198.18.0.0/22');
});

test('no block is given twice, and none overlaps what is in use', () => {
  const blocks = [...freeNetworks(['10.0.0.0/8', '172.16.0.0/13'], 77)].map(({ block }) => block);
  expect(new Set(blocks).size).toBe(blocks.length);
  expect(blocks.length).toBe(128 + 512);
  expect(blocks.some((block) => /^10\.|^172\.(1[6-9]|2[0-3])\./.test(block))).toBe(false);
});
