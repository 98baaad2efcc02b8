import { describe, expect, test } from 'vitest';
import { checkValue } from '../forms/check-value.ts';
import { generate } from '../sources/generate.ts';
import { readShape } from './read-shape.ts';

describe("this repository's boilerplate", async () => {
  const shapes = await readShape(process.cwd());

  test.each([...shapes])(
    '%s: a throw-away value has the form that is asked for',
    (_path, shape) => {
      expect(checkValue(shape, Buffer.from(generate(shape.generate)))).toBeUndefined();
    },
  );

  test('each token says what it may do, and that of testing can at most tell who it is', () => {
    for (const { path, format, permission } of shapes.values()) {
      if (format === 'token') expect(permission, path).toBeDefined();
    }
    expect(shapes.get('oauth-token/oauth')?.permission).toContain('read:user at most');
  });
});
