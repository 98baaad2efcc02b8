import { expect, test } from 'vitest';
import { oneLine } from './one-line.ts';

const cases: [name: string, text: string, line: string][] = [
  ['a line stays as it is', '0 of 1 available', '0 of 1 available'],
  ['lines and blanks become one blank', ' a\r\n\tb  c\u2028d ', 'a b c d'],
  ['colours and cursor movements are left out', '\u001b[31mred\u001b[0m \u001b[2Jx', 'red x'],
  ['what rings, or writes backwards, becomes a blank', 'a\u0007b\u0085c\u202ed', 'a b c d'],
];

test.each(cases)('%s', (_name, text, line) => {
  expect(oneLine(text)).toBe(line);
});

test('a long line is shortened, never within a character', () => {
  expect(oneLine('abcdef', 4)).toBe('abc…');
  expect(oneLine('ab🎉def', 4)).toBe('ab…');
  expect(oneLine('abcd', 4)).toBe('abcd');
});
