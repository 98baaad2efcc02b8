import { pick, seeded } from '@prow-deploy/testing';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { diffFields } from './diff-fields.ts';
import { formatFieldChanges } from './format-field-changes.ts';

const secretDigest = (value: string) => Buffer.from(`${value.length}-digest`).toString('base64url');
const diff = (before: string, after: string) =>
  diffFields(parse(before) as KubernetesObject, parse(after) as KubernetesObject, { secretDigest });
const lines = (before: string, after: string) => formatFieldChanges(diff(before, after));

const object = (rest: string, kind = 'Deployment') =>
  `{ apiVersion: v1, kind: ${kind}, metadata: { name: a }, ${rest} }`;

test.each([
  ['a scalar', 'spec: { replicas: 1 }', 'spec: { replicas: 2 }', ['.spec.replicas: 1 -> 2']],
  ['a field that comes', 'spec: {}', 'spec: { a: x }', ['+ .spec.a: "x"']],
  ['a field that goes', 'spec: { a: [1] }', 'spec: {}', ['- .spec.a: [1]']],
  [
    'an item by its name',
    'spec: { c: [{ name: x, i: 1 }, { name: y, i: 1 }] }',
    'spec: { c: [{ name: y, i: 2 }, { name: x, i: 1 }] }',
    ['.spec.c[name="y"].i: 1 -> 2'],
  ],
  [
    'an item that is put first',
    'spec: { args: [b, c] }',
    'spec: { args: [a, b, c] }',
    ['+ .spec.args[0]: "a"'],
  ],
  [
    'an item that goes from the middle',
    'spec: { args: [a, b, c] }',
    'spec: { args: [a, c] }',
    ['- .spec.args[1]: "b"'],
  ],
  [
    'a number of a port',
    'spec: { ports: [{ port: 80, t: 1 }] }',
    'spec: { ports: [{ port: 80, t: 2 }] }',
    ['.spec.ports[port=80].t: 1 -> 2'],
  ],
  [
    'a key that is no word',
    'data: { "a.b/c": x }',
    'data: { "a.b/c": y }',
    ['.data["a.b/c"]: "x" -> "y"'],
  ],
  ['what moves by itself', 'status: { a: 1 }', 'status: { a: 2 }', []],
])('%s', (_name, before, after, expected) => {
  expect(lines(object(before), object(after))).toEqual(expected);
});

test('a text of several lines is a unified diff', () => {
  const text = (n: number) => object(`data: { f: "a\\nb\\nc\\nd\\n${n}\\ne\\n" }`, 'ConfigMap');
  expect(lines(text(1), text(2))).toEqual([
    '.data.f:',
    '  @@ -2,5 +2,5 @@',
    '   b',
    '   c',
    '   d',
    '  -1',
    '  +2',
    '   e',
  ]);
  const long = (n: number) =>
    object(
      `data: { f: "${Array.from({ length: 500 }, (_, i) => i * n).join('\\n')}" }`,
      'ConfigMap',
    );
  expect(lines(long(1), long(2)).at(-1)).toMatch(/^ {2}… and \d+ more lines$/);
});

test('nothing in a value can write to a terminal', () => {
  const evil = object('data: { f: "\\e[31mred\\nx\\u202e" }', 'ConfigMap');
  const said = lines(object('data: { f: plain }', 'ConfigMap'), evil).join('\n');
  for (const character of ['\u001b', '\u202e']) expect(said).not.toContain(character);
  expect(said).toContain('\\u001b[31mred');
});

test('what is in a Secret is never shown, wherever it stands', () => {
  const secret = (value: string) => `
apiVersion: v1
kind: Secret
metadata: { name: a, labels: { l: ${value}-label }, annotations: { copy: ${value}-note, kubectl.kubernetes.io/last-applied-configuration: ${value} } }
type: Opaque
data: { token: ${value} }
stringData: { other: ${value} }
`;
  const said = lines(secret('hunter2'), secret('correct')).join('\n');
  expect(said.replaceAll(/hunter2-label|correct-label/g, '')).not.toMatch(/hunter2|correct/);
  expect(said).toContain('.metadata.labels.l: "hunter2-label" -> "correct-label"');
  expect(said).toMatch(/\.data\.token: \(secret [0-9a-f]{8}\) -> \(secret [0-9a-f]{8}\)/);
});

const SEED = 20261125;
test(`of random objects (seed ${SEED}) the same differs in nothing, and a change is named`, () => {
  const random = seeded(SEED);
  const value = (depth: number): unknown => {
    const kind = depth === 0 ? 'scalar' : pick(random, ['scalar', 'map', 'list', 'named']);
    const many = <T>(make: (index: number) => T) =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => make(index));
    if (kind === 'map') return Object.fromEntries(many((i) => [`k${i}`, value(depth - 1)]));
    if (kind === 'list') return many(() => value(depth - 1));
    if (kind === 'named') return many((i) => ({ name: `n${i}`, v: value(depth - 1) }));
    return pick(random, ['text', 1, true, null, 'a\nb']);
  };
  for (let round = 0; round < 300; round += 1) {
    const spec = { first: value(4), second: value(4) };
    const made = { apiVersion: 'v1', kind: 'X', metadata: { name: 'a' }, spec };
    const copy = structuredClone(made);
    expect(diffFields(made, copy, { secretDigest })).toEqual([]);
    const changed = { ...copy, spec: { ...copy.spec, second: { other: round } } };
    const paths = diffFields(made, changed, { secretDigest }).map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.every((path) => path.startsWith('.spec.second'))).toBe(true);
  }
});
