import { describe, expect, test } from 'vitest';
import { stepsOf, valueAt, withTests } from './positional-tests.ts';

const deck = {
  metadata: { annotations: { 'a/b~c': 'x' } },
  spec: {
    replicas: 2,
    template: { spec: { containers: [{ name: 'deck', args: ['--a=1', '--b=2'] }] } },
  },
};
const ARGS = '/spec/template/spec/containers/0/args';

describe('withTests', () => {
  test('a container is told by its name, an argument by its value', () => {
    const operation = { op: 'replace', path: `${ARGS}/1`, value: '--b=3' } as const;
    expect(withTests(deck, operation)).toEqual([
      { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'deck' },
      { op: 'test', path: `${ARGS}/1`, value: '--b=2' },
      operation,
    ]);
  });

  test('what is inserted is tested by what it is put before; at the end there is nothing to test', () => {
    const paths = (path: string): string[] =>
      withTests(deck, { op: 'add', path, value: 'x' }).map((each) => each.path);
    const name = '/spec/template/spec/containers/0/name';
    expect(paths(`${ARGS}/0`)).toEqual([name, `${ARGS}/0`, `${ARGS}/0`]);
    expect(paths(`${ARGS}/2`)).toEqual([name, `${ARGS}/2`]);
    expect(paths(`${ARGS}/-`)).toEqual([name, `${ARGS}/-`]);
  });

  test('a path without positions needs no test', () => {
    const operation = { op: 'replace', path: '/spec/replicas', value: 1 } as const;
    expect(withTests(deck, operation)).toEqual([operation]);
  });
});

test('steps are read as RFC 6901 writes them', () => {
  expect(valueAt(deck, stepsOf('/metadata/annotations/a~1b~0c'))).toBe('x');
  expect(valueAt(deck, stepsOf('/spec/constructor'))).toBeUndefined();
  expect(() => stepsOf('spec.replicas')).toThrow('it is no JSON pointer');
});
