import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureTool } from '@prow-deploy/toolchain';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { ConfigMapContent } from './config-maps.ts';
import { printConfigMaps } from './print-config-maps.ts';

/** What the real kustomize makes of them. */
async function kustomized(configMaps: readonly ConfigMapContent[]): Promise<unknown[]> {
  const directory = await mkdtemp(join(tmpdir(), 'config-maps-test-'));
  try {
    await writeFile(join(directory, 'config-maps.yaml'), printConfigMaps(configMaps));
    await writeFile(
      join(directory, 'kustomization.yaml'),
      'resources: [config-maps.yaml]\nnamePrefix: staging-\n',
    );
    const kustomize = await ensureTool('kustomize');
    const { stdout } = await promisify(execFile)(kustomize, ['build', directory], {
      maxBuffer: 10_000_000,
    });
    const documents = parseAllDocuments(stdout, { version: '1.1' });
    return Array.isArray(documents) ? documents.map((document) => document.toJS() as unknown) : [];
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('a ConfigMap is a plain resource, without what is empty', () => {
  const data = { 'a.yaml': 'periodics:\n  - name: a\n', 'b.yaml': '' };
  expect(printConfigMaps([{ name: 'jobs', data, binaryData: {}, bytes: 0 }])).toBe(
    `apiVersion: v1
kind: ConfigMap
metadata:
  name: "jobs"
data:
  "a.yaml": |
    periodics:
      - name: a
  "b.yaml": ""
`,
  );
});

test('every text comes through kustomize as it is', async () => {
  const seed = Number(process.env['SEED'] ?? 20_261_123);
  const texts = [
    ...[
      '',
      ' ',
      '\n',
      '\n\n',
      'yes',
      'y',
      '012',
      '1_000',
      '0x1f',
      '1:30',
      '~',
      '2001-01-01',
      '=',
      '<<',
    ],
    ...[
      ' a',
      'a ',
      '\ta',
      'a\t\n',
      'a: b',
      '- a',
      '# a',
      '---\na\n---\n',
      '...\n',
      '%YAML 1.1\n',
      '&a *a !a',
    ],
    ...['a\r\nb\r\n', 'a\n\n\n', '\n  a\n b', '"', "'", '\\n', '{{ .A }}', 'ä€😀', '\ufeffa'],
    ...Array.from({ length: 60 }, (_, index) => randomText(seed + index)),
  ];
  const data = Object.fromEntries(texts.map((text, index) => [`k${index}`, text]));
  const [object] = await kustomized([{ name: 'a', data, binaryData: { b: '/wA=' }, bytes: 0 }]);
  expect(object, `seed ${seed}`).toMatchObject({
    metadata: { name: 'staging-a' },
    data,
    binaryData: { b: '/wA=' },
  });
});

test('several are one stream', async () => {
  const empty = { data: {}, binaryData: {}, bytes: 0 };
  const objects = await kustomized([
    { name: 'a', ...empty },
    { name: 'b', ...empty, data: { c: 'd' } },
  ]);
  expect(objects).toMatchObject([
    { kind: 'ConfigMap', metadata: { name: 'staging-a' } },
    { kind: 'ConfigMap', metadata: { name: 'staging-b' }, data: { c: 'd' } },
  ]);
});

function randomText(seed: number): string {
  const pieces = [
    'a',
    ': ',
    '- ',
    '\n',
    ' ',
    '#',
    '"',
    "'",
    '|',
    '>',
    '{',
    '}',
    '\t',
    'ä',
    '0',
    '%',
    '*',
    '&',
    '\\',
  ];
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff);
  return Array.from({ length: next() % 30 }, () => pieces[(next() >> 8) % pieces.length]).join('');
}
