import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyScript } from './apply-script.ts';
import { findDeletions, findOrigin } from './find-origin.ts';

const traceOf = (document: string, script: string) => applyScript(document, script).trace;

describe('the origin of a place', () => {
  const trace = traceOf(
    'a: {b: 1, c: 2}\nl: [x, y, z]\n',
    `
- {command: update, path: a.b, value: {deep: [1, 2]}}
- {command: update, path: a.c, value: 2}
- {command: update, path: n.e.w, value: 3}
- {command: update, path: 'a.b.deep[1]', value: 9}
- {command: update, path: 'l[+]', value: last}
- {command: update, path: 'gap[1]', value: 1}
`,
  );
  test.each([
    ['what a command wrote', ['a', 'b', 'deep', 0], 1, ['deep', 0]],
    ['the place that it wrote to', ['a', 'b'], 1, []],
    ['the last of several commands', ['a', 'b', 'deep', 1], 4, []],
    ['what was made on the way', ['n', 'e'], 3, []],
    ['a new item', ['l', 3], 5, []],
    ['an item that fills a gap', ['gap', 0], 6, []],
    ['what a command left as it was', ['a', 'c'], undefined, ['a', 'c']],
    ['what holds what was written', ['a'], undefined, ['a']],
    ['what nobody touched', ['l', 1], undefined, ['l', 1]],
  ])('is found: %s', (_title, path, number, origin) => {
    const found = findOrigin(trace, path);
    expect(found.command?.number).toBe(number);
    expect(found.path).toEqual(origin);
  });

  test('is not moved by items that are deleted', () => {
    const before = { l: ['a', 'b', 'a', 'c', 'd', 'a'], m: ['a', 'e'] };
    const { text, trace } = applyScript(
      'l: [a, b, a, c, d, a]\nm: [a, e]\n',
      '- {command: delete, path: l.a}\n- {command: delete, path: "l[1]"}\n- {command: delete, path: "m[0]"}\n',
    );
    expect(text).toBe('l: [b, d]\nm: [e]\n');
    expect(findOrigin(trace, ['l', 0]).path).toEqual(['l', before.l.indexOf('b')]);
    expect(findOrigin(trace, ['l', 1]).path).toEqual(['l', before.l.indexOf('d')]);
    expect(findOrigin(trace, ['m', 0]).path).toEqual(['m', 1]);
  });

  test('is told apart where a key looks like an index', () => {
    const trace = traceOf(
      'p: {"8080": a}\nl: [a]\n',
      '- {command: update, path: p.8080, value: b}\n',
    );
    expect(findOrigin(trace, ['p', '8080']).command?.number).toBe(1);
    expect(findOrigin(trace, ['l', 0]).command).toBeUndefined();
  });

  test('is of the document that is asked for', () => {
    const { trace } = applyScript('a: 1\n---\na: 1\n', '- {command: update, path: a, value: 2}\n', {
      document: 1,
    });
    expect(findOrigin(trace, ['a'], 1).command?.number).toBe(1);
    expect(findOrigin(trace, ['a'], 0).command).toBeUndefined();
  });
});

test('deletions at a place and below it are found, with what was there', () => {
  const trace = traceOf(
    'p: {a: {plugins: [lgtm, wip]}, b: {plugins: [lgtm]}}\n',
    '- {command: delete, path: p.*.plugins.lgtm}\n- {command: delete, path: p.b}\n',
  );
  const found = (path: string[]) =>
    findDeletions(trace, path).map(({ command, oldValue }) => [command.number, oldValue]);
  expect(found(['p', 'a'])).toEqual([[1, 'lgtm']]);
  expect(found(['p', 'b'])).toEqual([
    [1, 'lgtm'],
    [2, { plugins: [] }],
  ]);
  expect(found(['p', 'c'])).toEqual([]);
});

test('every leaf of random documents leads to where its text stands', () => {
  const seed = Number(process.env['SEED'] ?? 20_261_123);
  let state = seed;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
  let unique = 0;
  const text = () => `t${unique++}`;
  for (let round = 0; round < 200; round += 1) {
    const keys = ['a', 'b.c', '7'];
    const before = Object.fromEntries(
      keys.map((key) => [key, Array.from({ length: random(6) }, text)]),
    );
    const commands = Array.from({ length: 1 + random(6) }, () => {
      const key = JSON.stringify(keys[random(keys.length)]);
      const commandPaths = [`${key}.[${random(6)}]`, `${key}.[+]`, `${key}.t${random(unique)}`];
      const path = commandPaths[random(3)] ?? key;
      if (path.includes('.t') || random(2) === 0) return { command: 'delete', path };
      return { command: 'update', path, value: random(3) === 0 ? [text(), text()] : text() };
    });
    const applied = applyScript(JSON.stringify(before), JSON.stringify(commands));
    const after = parse(applied.text) as unknown;
    for (const [path, leaf] of leaves(after)) {
      const origin = findOrigin(applied.trace, path);
      const { value } = commands[(origin.command?.number ?? 0) - 1] ?? { value: before };
      // A filled gap.
      if (leaf === '') expect(origin.command, `seed ${seed}`).toBeDefined();
      else expect(at(value, origin.path), `seed ${seed}, ${JSON.stringify(path)}`).toBe(leaf);
    }
  }
  expect(unique).toBeGreaterThan(1000);
});

function leaves(value: unknown, path: (string | number)[] = []): [(string | number)[], unknown][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, step) => (node as Readonly<Record<string | number, unknown>>)[step],
    value,
  );
}
