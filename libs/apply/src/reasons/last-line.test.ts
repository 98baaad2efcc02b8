import { expect, test } from 'vitest';
import { lastLine } from './last-line.ts';

const cases: [name: string, log: string, line: string | undefined][] = [
  ['of nothing is nothing', '\n \r\n', undefined],
  ['is the last that says something', 'a\nb\n\n', 'b'],
  ['of a log with line ends of its own', 'a\r\nb\rc', 'c'],
  ['is without colours', 'a\n\u001b[31mno\u001b[0m\n', 'no'],
  ['of JSON is its message', '{"level":"fatal","msg":"no config","file":"x.go"}', 'no config'],
  ['of JSON has its error', '{"error":"not found","message":"no config"}', 'no config: not found'],
  ['of JSON without a message is itself', '{"level":"fatal"}', '{"level":"fatal"}'],
  ['of JSON that is none is itself', '{oops', '{oops'],
];

test.each(cases)('the last line %s', (_name, log, line) => {
  expect(lastLine(log)).toBe(line);
});

test('of a log that was cut off, the part of a line at its end is left out', () => {
  expect(lastLine('whole\npart of a tok', { isCut: true })).toBe('whole');
  expect(lastLine('part of a tok', { isCut: true })).toBeUndefined();
  expect(lastLine('whole\n', { isCut: true })).toBe('whole');
});
