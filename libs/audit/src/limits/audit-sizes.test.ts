import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditSizes, MAX_ANNOTATION_BYTES, MAX_DATA_BYTES } from './audit-sizes.ts';

const object = (kind: string, fields: object, annotations = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'big', namespace: 'prow', annotations },
  ...fields,
});
const text = (bytes: number) => 'x'.repeat(bytes);
const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString('base64');
const codes = (kind: string, fields: object) =>
  auditSizes([object(kind, fields)]).map(({ code }) => code);

/** Of a ConfigMap or Secret of this size, a client-side apply fails in any case. */
const APPLY = 'size-near-limit';

describe('The values of a ConfigMap or Secret', () => {
  it.each<[string, string, object, string[]]>([
    ['are few', 'ConfigMap', { data: { a: text(1000) } }, []],
    ['are at 60 %', 'Secret', { data: { a: base64(MAX_DATA_BYTES * 0.6 - 1) } }, [APPLY]],
    [
      'are over 60 %',
      'ConfigMap',
      { data: { a: text(MAX_DATA_BYTES * 0.6 + 1) } },
      ['size-near-limit', APPLY],
    ],
    [
      'are at the limit',
      'ConfigMap',
      { data: { a: text(MAX_DATA_BYTES) } },
      ['size-near-limit', APPLY],
    ],
    [
      'are over the limit',
      'ConfigMap',
      { data: { a: text(MAX_DATA_BYTES + 1) } },
      ['size-over-limit', APPLY],
    ],
    [
      'are over the limit together',
      'ConfigMap',
      { data: { a: text(600_000) }, binaryData: { b: base64(600_000) } },
      ['size-over-limit', APPLY],
    ],
    [
      'are counted in bytes, not letters',
      'ConfigMap',
      { data: { a: 'é'.repeat(MAX_DATA_BYTES / 2 + 1) } },
      ['size-over-limit', APPLY],
    ],
    [
      'are counted decoded',
      'Secret',
      { data: { a: base64(MAX_DATA_BYTES) } },
      ['size-near-limit', APPLY],
    ],
    [
      'are over the limit when decoded',
      'Secret',
      { data: { a: base64(MAX_DATA_BYTES + 1) } },
      ['size-over-limit', APPLY],
    ],
    [
      'are counted once where stringData takes the place',
      'Secret',
      { data: { a: base64(MAX_DATA_BYTES) }, stringData: { a: 'x' } },
      [APPLY],
    ],
  ])('%s', (_, kind, fields, expected) => {
    expect(codes(kind, fields)).toEqual(expected);
  });

  it('are told with the largest of them, and without what is in it', () => {
    const [found] = auditSizes([
      object('Secret', { data: { small: base64(9), large: base64(1_048_600) } }),
    ]);
    expect(found).toMatchObject({ severity: 'error', object: 'Secret prow/big' });
    expect(found?.message).toBe(
      'The values of this Secret are 1048609 bytes, 100 % of the 1048576 that the API server takes; the largest is large with 1048600. Split it over several objects, or make it smaller.',
    );
  });
});

describe('The annotations of an object', () => {
  it('may hold 256 KiB of keys and values', () => {
    expect(auditSizes([object('Pod', {}, { a: text(MAX_ANNOTATION_BYTES) })])).toMatchObject([
      { code: 'size-over-limit', severity: 'error' },
    ]);
  });

  it('make room for what a client-side apply adds, or it is a warning', () => {
    expect(auditSizes([object('Pod', { spec: text(MAX_ANNOTATION_BYTES - 300) })])).toEqual([]);
    expect(auditSizes([object('Pod', { spec: text(MAX_ANNOTATION_BYTES) })])).toMatchObject([
      {
        code: 'size-near-limit',
        severity: 'warning',
        message: expect.stringContaining('--server-side') as string,
      },
    ]);
  });
});
