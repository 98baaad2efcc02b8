import { expect, test } from 'vitest';
import { auditSecretValues } from './audit-secret-values.ts';

const secret = (fields: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'p' },
  ...fields,
});
const data = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );

test('placeholders for what lies below secrets/, and empty values, are no finding', () => {
  const values = { a: '<<SECRET a hmac/hmac>>', b: '<<SECRET a robot/env#user>>', c: '' };
  expect([...auditSecretValues([secret({ data: data(values) }), secret({})])]).toEqual([]);
});

test('values of manifests, literals and files in git are found by their keys, and not shown', () => {
  const found = [
    ...auditSecretValues([
      secret({
        data: data({
          literal: '<<SECRET a ./environments/a/kustomization.yaml:s#literal>>',
          fine: '<<SECRET a hmac/hmac>>',
          plain: 'sesame',
        }),
        stringData: { text: 'sesame' },
      }),
    ]),
  ];
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    code: 'secret-in-git',
    severity: 'warning',
    object: 'Secret p/s',
  });
  expect(found[0]?.message).toContain('Secret p/s holds what is in git: literal, plain, text.');
  expect(found[0]?.message).not.toContain('sesame');
});
