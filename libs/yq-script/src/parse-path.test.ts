import { describe, expect, test } from 'vitest';

import { formatPath, parsePath } from './parse-path.ts';
import type { PathElement } from './parse-path.ts';

const parsed: [path: string, elements: PathElement[]][] = [
  ['', []],
  ['a', ['a']],
  ['a.b', ['a', 'b']],
  ['my-key.sub/key', ['my-key', 'sub/key']],
  ['a.', ['a']],
  ['.a', ['', 'a']],
  ['a..b', ['a', '', 'b']],
  ['a[0]', ['a', 0]],
  ['a.[0].b', ['a', 0, 'b']],
  ['a[-1]', ['a', -1]],
  ['[+]', ['+']],
  ['a.+', ['a', '+']],
  ['a[*].b', ['a', '*', 'b']],
  ['a.0', ['a', '0']],
  ['"a.b".c', ['a.b', 'c']],
  ['maps."jobs/**/*.yaml".name', ['maps', 'jobs/**/*.yaml', 'name']],
  ['a["b"]', ['a', '"b"']],
  ['""', ['']],
  ['a"b".c', ['a', 'b', 'c']],
  ['l.(a==b).c', ['l', 'a==b', 'c']],
  ['l(a.b==c*).d', ['l', 'a.b==c*', 'd']],
  ['a[0', ['a', 0]],
  ['a(b', ['a', 'b']],
  ['m[1][0]', ['m', 1, '0]']],
  ['a[99999999999999999999]', ['a', '99999999999999999999']],
];

describe('a path is read as', () => {
  test.each(parsed)('%s', (path, elements) => {
    expect(parsePath(path)).toEqual(elements);
  });
});

const written: [elements: PathElement[], path: string][] = [
  [[], ''],
  [['a', 'b'], 'a.b'],
  [['a', 0, 'b'], 'a[0].b'],
  [[0, 1], '[0].[1]'],
  [['a.b', 2], '"a.b".[2]'],
  [['say "hi"', 'x'], '(say "hi").x'],
  [['', 'x'], '"".x'],
  [['two words'], '"two words"'],
];

describe('a concrete path is written so that it is read as the same elements', () => {
  test.each(written)('%j', (elements, path) => {
    expect(formatPath(elements)).toBe(path);
    expect(parsePath(path)).toEqual(elements);
  });
});
