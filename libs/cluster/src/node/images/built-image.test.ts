import { expect, test } from 'vitest';
import { builtImage, builtImagesIn } from './built-image.ts';

const PROW = 'us-docker.pkg.dev/k8s-infra-prow/images';

test("an image of Prow's registry is that of the program, at the commit that is pinned", async () => {
  const deck = { tool: 'deck', tag: 'v20240619-cfb8754e0' };
  expect(await builtImage(`${PROW}/deck:v20240619-cfb8754e0`)).toEqual(deck);
  // Another tag is known to be one that cannot be made.
  expect(await builtImage(`${PROW}/deck:v1`)).toEqual(deck);
});

test('an image of another program is known by its repository, at the tag of its version', async () => {
  const registry = { tool: 'registry', tag: '2.7.1' };
  expect(await builtImage('registry:2.7.1')).toEqual(registry);
  expect(await builtImage('docker.io/library/registry:3')).toEqual(registry);
  const gcsweb = { tool: 'gcsweb', tag: 'v1.1.0', dataPath: '/' };
  expect(await builtImage('registry.k8s.io/gcsweb:v1.1.0')).toEqual(gcsweb);
  const pushgateway = { tool: 'pushgateway', tag: 'v0.4.0' };
  expect(await builtImage('prom/pushgateway:v0.4.0')).toEqual(pushgateway);
});

test.each([
  'nginx:1',
  `${PROW}/gangway:v20240619-cfb8754e0`,
  'registry.example.org/deck:v20240619-cfb8754e0',
  `${PROW}/deck@sha256:${'0'.repeat(64)}`,
])('%s is only in a registry', async (name) => {
  expect(await builtImage(name)).toBeUndefined();
});

test('a configuration tells which images are run later', () => {
  const text = `clonerefs: ${PROW}/clonerefs:v1\nimage: "${PROW}/sidecar:v1-2"\nother: nginx:1\n`;
  expect(builtImagesIn(text)).toEqual([`${PROW}/clonerefs:v1`, `${PROW}/sidecar:v1-2`]);
});
