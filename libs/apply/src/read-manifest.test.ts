import { expect, test } from 'vitest';
import { describe, identify } from './object-reference.ts';
import { explainManifest } from './explain-manifest.ts';
import { readFast, readManifest } from './read-manifest.ts';

test('documents are read in their order, empty ones are passed over', async () => {
  const objects = await readManifest(`
---
apiVersion: v1
kind: Namespace
metadata: { name: kubevirt-prow }
---
# nothing here
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: deck, namespace: kubevirt-prow }
`);
  expect(objects.map((object) => describe(identify(object)))).toEqual([
    'Namespace kubevirt-prow',
    'Deployment kubevirt-prow/deck',
  ]);
});

test('a List is replaced by its items', async () => {
  const objects = await readManifest(`
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Secret, metadata: { name: a, namespace: x } }
  - { apiVersion: v1, kind: Secret, metadata: { name: b, namespace: x } }
`);
  expect(objects.map((object) => object.metadata.name)).toEqual(['a', 'b']);
});

test('an empty text has no objects', async () => {
  expect(await readManifest('')).toEqual([]);
  expect(await readManifest('---\n')).toEqual([]);
});

test('numbers and booleans are read as kubectl reads them', async () => {
  const [object] = await readManifest(`
apiVersion: v1
kind: ConfigMap
metadata: { name: a, creationTimestamp: 2020-12-02T10:00:00Z }
data: { octal: 0644, plain: 644, flag: on, text: "0644", date: 2020-12-02 }
`);
  expect(object?.['data']).toEqual({
    octal: 420,
    plain: 644,
    flag: true,
    text: '0644',
    date: '2020-12-02',
  });
  expect(object?.metadata.creationTimestamp).toBe('2020-12-02T10:00:00Z');
});

const refused: [name: string, text: string, message: string][] = [
  [
    'text that is not YAML',
    'apiVersion: v1\nkind: Secret\ndata: {token: "hunter2\n',
    'Cannot read m.yaml:4: it is not valid YAML (MISSING_CHAR). Correct it there.',
  ],
  [
    'a document without kind',
    'apiVersion: v1\n---\nmetadata: { name: a }\n',
    'Cannot read m.yaml:1: it has no kind. Write it as a Kubernetes object with apiVersion, kind and metadata.name.',
  ],
  [
    'an object without name',
    '---\napiVersion: v1\nkind: Secret\n',
    'Cannot read m.yaml:2: this Secret has no metadata.name. Write it as a Kubernetes object with apiVersion, kind and metadata.name.',
  ],
  [
    'an item of a List without name',
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n',
    'Cannot read m.yaml:4: this Secret has no metadata.name. Write it as a Kubernetes object with apiVersion, kind and metadata.name.',
  ],
  [
    'a generated name',
    'apiVersion: v1\nkind: Pod\nmetadata: { generateName: a- }\n',
    'Cannot read m.yaml:1: this Pod has generateName in place of a name, and would be made anew by every apply. Write it as a Kubernetes object with apiVersion, kind and metadata.name.',
  ],
  [
    'an object that is there twice, in two versions of its API',
    'apiVersion: batch/v1\nkind: Job\nmetadata: { name: a, namespace: x }\n---\napiVersion: batch/v1beta1\nkind: Job\nmetadata: { name: a, namespace: x }\n',
    'Cannot read m.yaml:5: Job x/a is there already, at line 1. Remove one of them.',
  ],
];

test.each(refused)('%s is refused with its line', async (_name, text, message) => {
  await expect(readManifest(text, { file: 'm.yaml' })).rejects.toThrow(message);
});

test('the message about a syntax error does not quote the text', async () => {
  const text = 'kind: Secret\ndata:\n  token: hunter2: hunter2\n  {hunter2\n';
  const error: unknown = await readManifest(text).catch((error: unknown) => error);
  expect(String(error)).toMatch(/not valid YAML/);
  expect(String(error)).not.toContain('hunter2');
});

const scalars = [
  '0644 0o17 0x1F 08 +1 -0 1_000 1e3 .5 1. .inf -.Inf .nan 0b11 007 -017 12:30:45 1:30 0777n',
  'yes Yes YES yEs no on Off y n true True TRUE tRue false null Null NULL ~ nul',
  '2020-12-02 2020-12-02T10:00:00Z "0644" \'yes\' !!str yes',
  '1.5Gi 100m 1e5 1E5 0.0 1.0 9007199254740993 12345678901234567890 0.1e-3',
].flatMap((line) => line.split(/ (?![^"]*$)| /));

test('both parsers read every scalar, block and anchor in the same way', async () => {
  const values = scalars.map((scalar, index) => `  k${index}: ${scalar}`).join('\n');
  const text = `apiVersion: v1
kind: ConfigMap
metadata: &m { name: a, labels: {} }
spec:
${values}
  empty:
  literal: |
    a: b

      c
  keep: |+
    x

  folded: >-
    one
    two
  quoted: "a\\tb\\u00e9\\n"
  alias: *m
  merged: { <<: *m, name: b }
  list: [a, {b: c}, [], {}, ]
  ? complex
  : value
---
# a comment alone
---
apiVersion: v1
kind: Secret
metadata: { name: b }
data: { a: aGk= }
`;
  expect(await readFast(text)).toEqual(await explainManifest(text, 'm'));
});
