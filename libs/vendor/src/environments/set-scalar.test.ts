import { expect, test } from 'vitest';
import { setScalar } from './set-scalar.ts';

const TEXT = `# Ours
resources:   # in this order
  - ../a
  - '../b'   # quoted
images: [{ name: x, newTag: "v1" }]
`;

test.each([
  [['resources', 0], '../c', '  - ../c\n'],
  [['resources', 1], "../it's", "  - '../it''s'   # quoted\n"],
  [['images', 0, 'newTag'], 'v2', 'newTag: "v2" }]'],
])('%s becomes %s, and nothing else changes', (path, value, line) => {
  const after = setScalar(TEXT, path, () => value) ?? '';
  expect(after).toContain(line);
  const changed = after.split('\n').filter((text, index) => text !== TEXT.split('\n')[index]);
  expect(changed).toHaveLength(1);
  expect(after.split('\n')).toHaveLength(TEXT.split('\n').length);
});

test('what would be read as a number is quoted', () => {
  expect(setScalar('version: abc\n', ['version'], () => '20261123')).toBe("version: '20261123'\n");
});

test.each([
  ['nothing', ['gone']],
  ['a list', ['resources']],
  ['several lines', ['text']],
])('%s is not changed', (_name, path) => {
  expect(setScalar(`${TEXT}text: |\n  a\n  b\n`, path, () => 'x')).toBeUndefined();
});
