import { describe, expect, test } from 'vitest';
import { changesBetween } from './changes-between.ts';

const args = (...items: string[]) => ({ containers: [{ name: 'deck', args: items }] });

describe('changesBetween', () => {
  test.each([
    ['the same in another order of fields', { a: 1, b: [1] }, { b: [1], a: 1 }, []],
    ['a field', { a: { b: 1 } }, { a: { b: 2 } }, [{ path: '.a.b', before: 1, after: 2 }]],
    [
      'a field more and one less',
      { a: 1 },
      { 'b/c': 1 },
      [
        { path: '.a', before: 1 },
        { path: '["b/c"]', after: 1 },
      ],
    ],
    ['null is a value', { a: null }, {}, [{ path: '.a', before: null }]],
    [
      'an argument inserted',
      args('a', 'b'),
      args('x', 'a', 'b'),
      [{ path: '.containers[name="deck"].args[]', after: 'x' }],
    ],
    [
      'an argument replaced',
      args('a', 'b'),
      args('a', 'c'),
      [{ path: '.containers[name="deck"].args[]', before: 'b', after: 'c' }],
    ],
    [
      'one of two equal items',
      args('a', 'a'),
      args('a'),
      [{ path: '.containers[name="deck"].args[]', before: 'a' }],
    ],
    [
      'another order',
      args('a', 'b'),
      args('b', 'a'),
      [{ path: '.containers[name="deck"].args', before: ['a', 'b'], after: ['b', 'a'] }],
    ],
    [
      'a container renamed',
      { containers: [{ name: 'a', image: 'i' }] },
      { containers: [{ name: 'b', image: 'i' }] },
      [
        { path: '.containers[name="a"]', before: { name: 'a', image: 'i' } },
        { path: '.containers[name="b"]', after: { name: 'b', image: 'i' } },
      ],
    ],
    [
      'a rule without a name',
      { rules: [{ verbs: ['get'] }, { verbs: ['list'] }] },
      { rules: [{ verbs: ['get'] }, { verbs: ['list', 'watch'] }] },
      [{ path: '.rules[].verbs[]', after: 'watch' }],
    ],
    ['a list where there was none', {}, { a: [] }, [{ path: '.a', after: [] }]],
    ['another type', { a: [1] }, { a: { b: 1 } }, [{ path: '.a', before: [1], after: { b: 1 } }]],
  ])('%s', (_name, before, after, expected) => {
    expect(changesBetween(before, after)).toEqual(expected);
  });
});
