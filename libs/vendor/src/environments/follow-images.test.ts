import { expect, test } from 'vitest';
import { type TaggedCopy, followImages, tagsOf } from './follow-images.ts';

const PREFIX = 'registry.example/prow';
const LATER = '2024-06-20T00:00:00Z';
const EARLIER = '2024-06-19T00:00:00Z';

/** What becomes of an image that our kustomization tags `from`, where upstream's manifests name these images. */
function follow(
  from: string,
  images: readonly string[],
  dates: { readonly before?: string; readonly after?: string } = { before: EARLIER, after: LATER },
  tags?: ReadonlyMap<string, string>,
): { readonly to?: string; readonly reason?: string } {
  const copy = (date: string | undefined, manifests: readonly string[]): TaggedCopy => ({
    date,
    manifests,
  });
  const [followed] = followImages({
    kustomization: `images:\n  - name: exporter\n    newName: ${PREFIX}/exporter\n    newTag: ${from}\n`,
    prefixes: [PREFIX],
    before: copy(dates.before, []),
    after: copy(
      dates.after,
      images.map((image) => `containers:\n  - name: a\n    image: ${image}\n`),
    ),
    tags,
  });
  if (!followed) throw new Error('It does not follow.');
  const { to, reason } = followed;
  return { ...(to === undefined ? {} : { to }), ...(reason === undefined ? {} : { reason }) };
}

test('an image that upstream uses too gets its tag', () => {
  expect(follow('v20240101-aaaaaaa', [`${PREFIX}/exporter:v20240619-bbbbbbb`])).toEqual({
    to: 'v20240619-bbbbbbb',
  });
});

test('another one of the family gets the newest tag of the family', () => {
  const images = [`${PREFIX}/deck:v20240619-bbbbbbb`, `"${PREFIX}/hook:v20240618-ccccccc"`];
  expect(follow('v20240101-aaaaaaa', images)).toEqual({ to: 'v20240619-bbbbbbb' });
});

test('the same tag stays, without a word', () => {
  expect(follow('v20240619-bbbbbbb', [`${PREFIX}/exporter:v20240619-bbbbbbb`])).toEqual({});
});

test.each([
  ['an older tag', 'v20240619-bbbbbbb', `${PREFIX}/exporter:v20240101-aaaaaaa`, 'is older'],
  ['no tag', 'v20240619-bbbbbbb', `${PREFIX}/exporter`, 'upstream names no tag'],
  ['a digest alone', 'v20240619-bbbbbbb', `${PREFIX}/exporter@sha256:00`, 'upstream names no tag'],
  ['a tag that moves', 'v20240619-bbbbbbb', `${PREFIX}/exporter:latest`, 'does not say when'],
  ['no image of the family', 'v20240619-bbbbbbb', 'other.example/deck:v1', 'upstream names no tag'],
  ['unknown age', 'latest', `${PREFIX}/exporter:v20240619-bbbbbbb`, 'could be older'],
])('%s is never taken, and the reason is told', (_name, from, image, reason) => {
  const followed = follow(from, [image]);
  expect(followed.to).toBeUndefined();
  expect(followed.reason).toContain(reason);
});

test('the tag that another environment has goes before upstream’s, but is not taken where it is older', () => {
  const other = tagsOf(`images: [{ name: ${PREFIX}/exporter, newTag: v20240701-ccccccc }]`);
  const images = [`${PREFIX}/exporter:v20240619-bbbbbbb`];
  expect(follow('v20240101-aaaaaaa', images, undefined, other)).toEqual({
    to: 'v20240701-ccccccc',
  });
  const older = follow('v20240801-aaaaaaa', images, undefined, other);
  expect(older).toEqual({ reason: 'v20240701-ccccccc is older' });
});

test('of two tags of one day, that of the later commit wins', () => {
  const images = [`${PREFIX}/exporter:v20240619-bbbbbbb`];
  expect(follow('v20240619-aaaaaaa', images)).toEqual({ to: 'v20240619-bbbbbbb' });
  const back = follow('v20240619-aaaaaaa', images, { before: LATER, after: EARLIER });
  expect(back.reason).toContain('of a commit that is not later');
});

test('images of other families, and those without a tag, are left alone', () => {
  const kustomization = `images:\n  - { name: a, newName: other.example/a, newTag: v1 }\n  - { name: ${PREFIX}/b, digest: x }\n`;
  const copy = { date: LATER, manifests: [] };
  expect(followImages({ kustomization, prefixes: [PREFIX], before: copy, after: copy })).toEqual(
    [],
  );
});
