import { expect, test } from 'vitest';
import { parseQuantity } from './quantity.ts';

test.each([
  ['1Gi', '1024Mi'],
  ['1G', '1000M'],
  ['1.5Gi', '1536Mi'],
  ['1', '1000m'],
  [2, '2'],
  [0.5, '500m'],
  ['1e3', '1k'],
  ['1E3', '1000'],
  ['1E', '1000P'],
  ['12e-1', '1200m'],
  ['0.1', '100m'],
  ['.5', '0.50'],
  ['+1Ki', '1024'],
  ['-1', '-1000m'],
  ['0', '-0'],
  ['9Ei', '10376293541461622784'],
  // What is less than a billionth is rounded up, as the API server does.
  ['1e-12', '1n'],
])('%s is %s', (one, other) => {
  expect(parseQuantity(one)).toBeDefined();
  expect(parseQuantity(one)).toBe(parseQuantity(other));
});

test.each([
  ['1Gi', '1G'],
  ['1', '1m'],
  ['1M', '1Mi'],
  ['1001m', '1'],
])('%s is more than %s, or less', (one, other) => {
  expect(parseQuantity(one)).not.toBe(parseQuantity(other));
});

test.each(['', 'x', '1Gib', '.', '-', '1 Gi', 'Gi', null, undefined, {}, true])(
  '%s is no quantity',
  (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  },
);
