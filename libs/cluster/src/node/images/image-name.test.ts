import { describe, expect, test } from 'vitest';
import { normalizedName } from './image-name.ts';

test.each([
  ['deck', 'docker.io/library/deck:latest'],
  ['deck:v1', 'docker.io/library/deck:v1'],
  ['prow/deck:v1', 'docker.io/prow/deck:v1'],
  ['localhost/prow/deck:v1', 'localhost/prow/deck:v1'],
  ['registry.example.org/deck', 'registry.example.org/deck:latest'],
  ['registry.example.org:5000/a/b-c/d__e:v1.2_3', 'registry.example.org:5000/a/b-c/d__e:v1.2_3'],
  [
    'us-docker.pkg.dev/k8s-infra-prow/images/deck:v20240619-cfb8754e0',
    'us-docker.pkg.dev/k8s-infra-prow/images/deck:v20240619-cfb8754e0',
  ],
])('%s is known as %s', (name, expected) => {
  expect(normalizedName(name)).toBe(expected);
});

describe('refused', () => {
  test.each(['', 'Deck', 'a//b', 'registry.example.org/', 'deck:', 'deck:-v', 'de ck:v1', '/deck'])(
    '%j, which is no name',
    (name) => {
      expect(() => normalizedName(name)).toThrow(/it is no name of an image/);
    },
  );

  test('a name with a digest, which would be another one', () => {
    expect(() => normalizedName(`deck@sha256:${'0'.repeat(64)}`)).toThrow(/Name it by a tag/);
  });
});
