import { describe, expect, test } from 'vitest';

import { applyScript } from './apply-script.ts';

const traceOf = (document: string, script: string) => applyScript(document, script).trace;
const set = (path: string, value = '9') =>
  `- {command: update, path: ${JSON.stringify(path)}, value: ${value}}\n`;
const remove = (path: string) => `- {command: delete, path: ${JSON.stringify(path)}}\n`;

describe('a trace', () => {
  test('has an entry for each command with its number, words and line', () => {
    const script = `# what staging changes\n\n${set('a')}\n# and\n${remove('b')}- {command: merge, path: c, value: 1}\n`;
    expect(traceOf('a: 1\nb: 2\n', script)).toMatchObject([
      { number: 1, command: 'update', path: 'a', line: 3 },
      { number: 2, command: 'delete', path: 'b', line: 6 },
      { number: 3, command: 'merge', path: 'c', line: 7 },
    ]);
  });

  test('tells an update from old to new value', () => {
    expect(traceOf('a: {b: "x"}\n', set('a.b', '[1, ~, true]'))).toMatchObject([
      {
        matchedNothing: false,
        changedNothing: false,
        locations: [
          { document: 0, path: 'a.b', action: 'updated', oldValue: 'x', newValue: [1, null, true] },
        ],
        sideEffects: [],
      },
    ]);
  });

  test('gives the concrete path of each place that a pattern matched', () => {
    const document = 'l:\n  - {n: a.b, v: 1}\n  - {n: a.c, v: 2}\n';
    expect(paths(traceOf(document, set('l.(n==a*).v')))).toEqual(['l[0].v', 'l[1].v']);
    expect(paths(traceOf('"a.b": {c: [1, 2]}\n', set('**')))).toEqual(['"a.b".c[0]', '"a.b".c[1]']);
    expect(paths(traceOf('l: [1, 2]\n', set('l[-1]')))).toEqual(['l[1]']);
  });

  test.each([
    ['the same', 'a: 1\n', '1'],
    ['spelt in another way', 'a: "x"\n', 'x'],
    ['a number spelt in another way', 'a: 0x10\n', '16'],
    ['the same but for a comment', 'a: 1 # one\n', '1'],
    ['in another style', 'a:\n  b: [1]\n', '{b: [1]}'],
  ])('calls it a no-op when the value is %s', (_title, document, value) => {
    expect(traceOf(document, set('a', value))).toMatchObject([
      { changedNothing: true, matchedNothing: false, locations: [{ path: 'a', action: 'no-op' }] },
    ]);
  });

  test('does not take a text for the number it looks like', () => {
    const [trace] = traceOf('a: 1\n', set('a', '"1"'));
    expect(trace?.locations).toMatchObject([{ action: 'updated', oldValue: 1, newValue: '1' }]);
  });

  test('says that a command matched nothing', () => {
    expect(
      traceOf('l: [{n: a}]\n', set('l.(n==b).v') + remove('m.k') + remove('l[7]')),
    ).toMatchObject([
      { matchedNothing: true, changedNothing: true, locations: [], sideEffects: [] },
      { matchedNothing: true, changedNothing: true, locations: [], sideEffects: [] },
      { matchedNothing: true, changedNothing: true, locations: [], sideEffects: [] },
    ]);
  });

  test('says from where on a path was made', () => {
    const script = set('plank.pod.name') + set('plank.name') + set('l[+]') + set('l[+].k');
    expect(traceOf('plank: {x: 1}\nl: [1]\n', script).map(({ locations }) => locations)).toEqual([
      [
        {
          document: 0,
          path: 'plank.pod.name',
          action: 'created',
          newValue: 9,
          createdFrom: 'plank.pod',
        },
      ],
      [
        {
          document: 0,
          path: 'plank.name',
          action: 'created',
          newValue: 9,
          createdFrom: 'plank.name',
        },
      ],
      [{ document: 0, path: 'l[1]', action: 'created', newValue: 9, createdFrom: 'l[1]' }],
      [{ document: 0, path: 'l[2].k', action: 'created', newValue: 9, createdFrom: 'l[2]' }],
    ]);
  });

  test('tells what was deleted, with its index before the delete', () => {
    const [trace] = traceOf('l: [x, ya, z, yb]\n', remove('l.y*'));
    expect(trace?.locations).toEqual([
      { document: 0, path: 'l[1]', action: 'deleted', oldValue: 'ya' },
      { document: 0, path: 'l[3]', action: 'deleted', oldValue: 'yb' },
    ]);
  });

  test('tells what was replaced on the way, also in a delete and by a filter', () => {
    const script = set('a.b') + remove('c.d.e') + set('l.(n.m==x).v');
    expect(traceOf('a: 1\nc: 2\nl: [{n: 3}]\n', script)).toMatchObject([
      {
        locations: [{ path: 'a.b', action: 'created', createdFrom: 'a.b' }],
        sideEffects: [{ path: 'a', effect: 'replaced', oldValue: 1 }],
      },
      { matchedNothing: true, sideEffects: [{ path: 'c', effect: 'replaced', oldValue: 2 }] },
      {
        matchedNothing: true,
        changedNothing: false,
        sideEffects: [{ path: 'l[0].n', effect: 'replaced', oldValue: 3 }],
      },
    ]);
  });

  test('tells what was made on the way to nothing', () => {
    expect(traceOf('a: 1\n', set('m.*'))).toMatchObject([
      {
        matchedNothing: true,
        changedNothing: false,
        sideEffects: [{ path: 'm', effect: 'created' }],
      },
    ]);
  });

  test('tells which gap was filled', () => {
    const [trace] = traceOf('l: [1]\n', set('l[3]'));
    expect(trace).toMatchObject({
      locations: [{ path: 'l[3]', action: 'created', createdFrom: 'l[3]' }],
      sideEffects: [
        { path: 'l[1]', effect: 'padded' },
        { path: 'l[2]', effect: 'padded' },
      ],
    });
  });

  test('tells that a change is lost below an item of the wrong kind', () => {
    const { text, trace } = applyScript('l: [x]\n', set('l.*.k'));
    expect(text).toBe('l: [x]\n');
    expect(trace).toMatchObject([
      { changedNothing: true, locations: [{ path: 'l[0].k', action: 'lost', newValue: 9 }] },
    ]);
  });

  test('keeps the values of the moment, whatever later commands do to them', () => {
    const [first] = traceOf('a: 1\n', set('a', '{x: [1]}') + set('a.x[0]') + remove('a.x'));
    expect(first?.locations).toMatchObject([{ newValue: { x: [1] } }]);
  });

  test('follows aliases in values', () => {
    const [trace] = traceOf('a: &x {k: 1}\nb: *x\n', set('b', '{k: 1}'));
    expect(trace?.locations).toMatchObject([{ action: 'no-op', oldValue: { k: 1 } }]);
  });

  test('covers all documents that were chosen', () => {
    const { trace } = applyScript('a: 1\n---\nb: 2\n', set('a'), { document: 'all' });
    expect(trace).toHaveLength(1);
    expect(trace[0]?.locations).toMatchObject([
      { document: 0, path: 'a', action: 'updated' },
      { document: 1, path: 'a', action: 'created' },
    ]);
  });
});

function paths(traces: ReturnType<typeof traceOf>): string[] {
  return traces.flatMap(({ locations }) => locations.map(({ path }) => path));
}
