import { expect, test } from 'vitest';
import type { KubernetesObject } from './kubernetes-object.ts';
import { maskSecret } from './mask-secret.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

const secret = (data: Record<string, unknown>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'hmac-token', namespace: 'prow' },
  data,
});

const cases: [name: string, data: Record<string, unknown>, text: string, masked: string][] = [
  [
    'a value as it is sent',
    { hmac: base64('opensesame') },
    `webhook denied ${base64('opensesame')}`,
    'webhook denied (masked)',
  ],
  [
    'a value behind its base64',
    { hmac: base64('opensesame') },
    'webhook denied opensesame',
    'webhook denied (masked)',
  ],
  [
    'a line of a value',
    { key: base64('-----BEGIN KEY-----\nMIIEow\n-----END KEY-----\n') },
    'cannot parse "MIIEow"',
    'cannot parse "(masked)"',
  ],
  [
    'a value as JSON writes it',
    { hmac: base64('a "quoted"\nvalue') },
    'got "a \\"quoted\\"\\nvalue"',
    'got "(masked)"',
  ],
  [
    'the longer of two values that begin alike',
    { a: base64('sesame'), b: base64('sesameseed') },
    'sesameseed',
    '(masked)',
  ],
  [
    'a value in base64 within a longer text',
    { hmac: base64('opensesame') },
    `got ${base64('{"hmac":"opensesame"}').slice(12)}`,
    'got (masked)',
  ],
  [
    'a value in a URL',
    { hmac: base64('open sesame/seed') },
    'Post "https://hook/?key=open%20sesame%2Fseed": refused',
    'Post "https://hook/?key=(masked)": refused',
  ],
  [
    'a number',
    { token: 8675309 },
    '.data.token: expected string, got &value.valueUnstructured{Value:8675309}',
    '.data.token: expected string, got (masked)',
  ],
  [
    'a value too short to look for, where the text says that it is one',
    { token: base64('x') },
    'data[token]: Invalid value: "x": too short',
    'data[token]: Invalid value: (masked): too short',
  ],
  [
    'one character that a parser stumbled upon',
    { token: base64('{n') },
    "invalid character 'n' looking for beginning of object key string",
    'invalid character (masked) looking for beginning of object key string',
  ],
  [
    'nothing where no value is echoed',
    { hmac: base64('opensesame') },
    'namespaces "prow" not found',
    'namespaces "prow" not found',
  ],
];

test.each(cases)('%s is masked', (_name, data, text, masked) => {
  expect(maskSecret(text, secret(data))).toBe(masked);
});

test('a text about another kind is left alone', () => {
  const configMap = { ...secret({ a: 'value' }), kind: 'ConfigMap' };
  expect(maskSecret('a value', configMap)).toBe('a value');
});
