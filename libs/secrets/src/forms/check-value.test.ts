import { seeded } from '@prow-deploy/testing';
import { describe, expect, test } from 'vitest';
import type { SecretFileShape, SecretFormat } from '../shape/secret-file-shape.ts';
import { generate } from '../sources/generate.ts';
import { estimatedBits } from './check-hmac.ts';
import { checkValue } from './check-value.ts';

const says = (format: SecretFormat, text: string, more: Partial<SecretFileShape> = {}) =>
  checkValue(
    {
      path: 'a/b',
      description: 'd',
      readBy: ['x'],
      exact: false,
      presence: 'required',
      generate: '',
      format,
      ...more,
    },
    Buffer.from(text),
  )?.says;

const account = {
  type: 'service_account',
  project_id: 'p',
  private_key_id: '1',
  private_key: JSON.parse(`"${generate('${private-key}')}"`) as string,
  client_email: 'a@p.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const oauth = 'client_id: a\nclient_secret: sesame\nredirect_url: https://prow/redirect\n';
const kubeconfig = `
kind: Config
clusters: [{ name: c, cluster: { server: https://host, certificate-authority-data: c2VzYW1l } }]
users: [{ name: u, user: { token: sesame } }]
contexts: [{ name: k, context: { cluster: c, user: u } }]
`;
const key = '4f0c8b1e96d7a253c41b7e0f98d6325a1c7be409';
const docker = '{"auths":{"quay.io":{"auth":"cm9ib3Q6c2VzYW1l"}}}';

describe('a value of the right form passes', () => {
  test.each<[SecretFormat, string, Partial<SecretFileShape>?]>([
    ['text', 'any text\nof any lines'],
    ['binary', '\r\n'],
    ['token', 'token\n'],
    ['base64', `${Buffer.alloc(32, 7).toString('base64')}\n`, { bytes: 32 }],
    ['hmac', `${key}\n`],
    [
      'hmac',
      `'*': [{ value: ${key}, created_at: 2026-01-01T00:00:00Z }]\norg/repo: [{ value: ${key} }]\n`,
    ],
    ['env', '# comment\n\na=1\n b=2=3\n', { keys: ['a', 'b'] }],
    ['env', 'a=\n', { keys: ['a'], presence: 'may-be-empty' }],
    ['service-account', JSON.stringify(account)],
    ['oauth-config', oauth],
    ['kubeconfig', kubeconfig],
    ['kubeconfig', 'apiVersion: v1\nkind: Config\n'],
    ['kubeconfig', '', { presence: 'may-be-empty' }],
    ['dockerconfigjson', docker],
  ])('%s %#', (format, text, more) => {
    expect(says(format, text, more)).toBeUndefined();
  });
});

describe('a value of another form is refused, and not quoted', () => {
  test.each<[SecretFormat, string, string, Partial<SecretFileShape>?]>([
    ['base64', 'sesame!', 'is no standard base64'],
    [
      'base64',
      Buffer.alloc(16).toString('base64'),
      'holds 16 bytes, and must hold 32',
      { bytes: 32 },
    ],
    [
      'base64',
      Buffer.alloc(33).toString('base64'),
      'holds 33 bytes, and must hold 32',
      { bytes: 32 },
    ],
    ['hmac', 'sesame', 'is too easy to guess'],
    [
      'hmac',
      `org: [{ value: sesame }]`,
      'is too easy to guess for an HMAC key: make one with openssl rand -hex 20 (for org)',
    ],
    ['hmac', 'org: []', 'has no list of keys for org'],
    ['hmac', 'org: [{ valeu: sesame }]', 'has no text as value of a key for org'],
    ['service-account', 'sesame', 'is no JSON'],
    [
      'service-account',
      JSON.stringify({ ...account, type: 'authorized_user' }),
      'type is missing or has another form',
    ],
    [
      'service-account',
      JSON.stringify({ ...account, client_email: 'sesame' }),
      'client_email is missing',
    ],
    [
      'service-account',
      JSON.stringify({ ...account, private_key: 'sesame' }),
      'private_key is no private key in PEM',
    ],
    ['oauth-config', 'a: [', 'is no YAML'],
    ['oauth-config', 'sesame', 'it has another form'],
    ['oauth-config', oauth.replace('redirect_url', 'redirect'), 'redirect_url is missing'],
    ['kubeconfig', 'sesame', 'is no kubeconfig'],
    [
      'kubeconfig',
      kubeconfig.replace('cluster: c,', 'cluster: d,'),
      'whose cluster d it does not have',
    ],
    ['kubeconfig', kubeconfig.replace('user: u }', 'user: v }'), 'whose user v it does not have'],
    [
      'kubeconfig',
      kubeconfig.replace('token: sesame', 'client-key: /home/sesame'),
      'has u, whose client-key no pod can use',
    ],
    [
      'kubeconfig',
      kubeconfig.replace('c2VzYW1l', 'sesame'),
      'whose certificate-authority-data is no base64',
    ],
    ['dockerconfigjson', '{"auths":{}}', 'is no .dockerconfigjson'],
    [
      'dockerconfigjson',
      docker.replace('cm9ib3Q6c2VzYW1l', 'c2VzYW1l'),
      'auths.quay.io.auth is missing or has another form',
    ],
  ])('%s %#', (format, text, expected, more) => {
    const said = says(format, text, more);
    expect(said).toContain(expected);
    expect(said).not.toContain('sesame');
  });
});

describe('the estimate of chance', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32);

  test(`takes 20 random bytes for a key, always (seed ${seed})`, () => {
    const random = seeded(seed);
    for (let run = 0; run < 20_000; run += 1) {
      const bytes = Buffer.from(Array.from({ length: 20 }, () => Math.floor(random() * 256)));
      for (const text of [bytes.toString('hex'), bytes.toString('base64')])
        if (estimatedBits(text) < 80) throw new Error(`Too low for ${text}`);
    }
  });

  test.each([
    'a'.repeat(100),
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '0123456789abcdef0123456789abcdef01234567',
    'password'.repeat(10),
    'changeme',
    '12345678901234567890',
  ])('does not take %s for one', (text) => {
    expect(estimatedBits(text)).toBeLessThan(80);
  });
});
