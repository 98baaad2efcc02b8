import { expect, test } from 'vitest';
import { differences, withDefaults } from './differences.ts';
import { POD_DEFAULTS } from './pod-defaults.ts';

test.each([
  ['nothing, and an empty mapping', undefined, {}],
  ['an empty list in a mapping, and nothing', { a: { b: [] } }, {}],
  ['null, and nothing', { a: null }, {}],
  ['sizes in other words', { requests: { memory: '1Gi' } }, { requests: { memory: '1024Mi' } }],
  ['CPUs in other words', { limits: { cpu: '0.5' } }, { limits: { cpu: '500m' } }],
  [
    'a limit of a folder',
    { emptyDir: { sizeLimit: '1Gi' } },
    { emptyDir: { sizeLimit: '1024Mi' } },
  ],
  ['mappings in another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
])('%s are the same', (_title, one, other) => {
  expect(differences(one, other)).toEqual([]);
});

test.each([
  [
    'texts that look like sizes elsewhere',
    { labels: { size: '1Gi' } },
    { labels: { size: '1024Mi' } },
    '.labels.size',
  ],
  ['a number and a text', { port: 80 }, { port: '80' }, '.port'],
  ['false and nothing', { a: false }, {}, ''],
  ['lists in another order', { a: [1, 2] }, { a: [2, 1] }, '.a[0]'],
  ['an empty item', { a: [{}] }, {}, ''],
])('%s are not', (_title, one, other, path) => {
  expect(differences(one, other)[0]).toBe(path);
});

test('defaults are set where what holds them is there', () => {
  const pod = {
    containers: [{ image: 'a', ports: [{ containerPort: 80 }] }],
    volumes: [{ secret: {} }, { emptyDir: {} }],
  };
  expect(withDefaults(pod, POD_DEFAULTS)).toMatchObject({
    restartPolicy: 'Always',
    containers: [
      { imagePullPolicy: 'Always', ports: [{ protocol: 'TCP' }], terminationMessagePolicy: 'File' },
    ],
    volumes: [{ secret: { defaultMode: 420 } }, { emptyDir: {} }],
  });
  expect(JSON.stringify(withDefaults(pod, POD_DEFAULTS))).not.toContain('livenessProbe');
  expect(differences(pod, withDefaults(pod, POD_DEFAULTS), POD_DEFAULTS)).toEqual([]);
});

test.each([
  ['deck', 'Always'],
  ['deck:latest', 'Always'],
  ['localhost:5000/deck', 'Always'],
  ['localhost:5000/deck:v1', 'IfNotPresent'],
  ['deck@sha256:1', 'IfNotPresent'],
  ['deck:latest@sha256:1', 'Always'],
])('an image %s is pulled %s', (image, policy) => {
  expect(withDefaults({ containers: [{ image }] }, POD_DEFAULTS)).toMatchObject({
    containers: [{ imagePullPolicy: policy }],
  });
});
