import { expect, test } from 'vitest';
import { serverWarnings } from './server-warnings.ts';

test('each Warning header of an answer is a text', () => {
  expect(serverWarnings({ headers: {} })).toEqual([]);
  const warning =
    '299 - "unknown field \\"spec.foo\\"", 299 - "v1 Endpoints is deprecated, use v2"';
  expect(serverWarnings({ headers: { warning } })).toEqual([
    'unknown field "spec.foo"',
    'v1 Endpoints is deprecated, use v2',
  ]);
});
