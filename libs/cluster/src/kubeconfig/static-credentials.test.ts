import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { caSha256 } from './ca-sha256.ts';
import type { KubeconfigClusterEntry, KubeconfigUserEntry } from './kubeconfig.ts';
import { hasStaticCredentials, staticCredentials } from './static-credentials.ts';

function selection(user: KubeconfigUserEntry, cluster: KubeconfigClusterEntry = {}) {
  return { context: 'c', server: 'https://one.example', user, cluster };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a token is sent as a bearer', async () => {
  const { headers } = await staticCredentials(selection({ token: 't' }));
  expect(headers).toEqual({ Authorization: 'Bearer t' });
});

test('a token file wins over a token, and is read anew each time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'token-'));
  try {
    const tokenFile = join(folder, 'token');
    const user = { token: 'old', tokenFile };
    for (const token of ['one', 'two']) {
      await writeFile(tokenFile, `${token}\n`);
      const { headers } = await staticCredentials(selection(user));
      expect(headers['Authorization']).toBe(`Bearer ${token}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a password is sent as basic authentication', async () => {
  const { headers } = await staticCredentials(selection({ username: 'me', password: 'p' }));
  expect(headers).toEqual({ Authorization: `Basic ${base64('me:p')}` });
});

test('certificate, key and CA come from data before files', async () => {
  const credentials = await staticCredentials(
    selection(
      {
        'client-certificate-data': base64('cert'),
        'client-certificate': '/absent',
        'client-key-data': base64('key'),
      },
      { 'certificate-authority-data': base64('ca'), 'tls-server-name': 'other' },
    ),
  );
  expect(credentials).toMatchObject({
    cert: Buffer.from('cert'),
    key: Buffer.from('key'),
    ca: Buffer.from('ca'),
    servername: 'other',
    rejectUnauthorized: undefined,
  });
});

test('a file that is not there is named', async () => {
  await expect(
    staticCredentials(selection({ 'client-key': '/absent/key.pem' })),
  ).rejects.toMatchObject({
    code: 'credentials',
    message: expect.stringContaining('/absent/key.pem') as string,
  });
});

test('acting as another user is said in headers', async () => {
  const { headers } = await staticCredentials(
    selection({
      as: 'robot',
      'as-uid': '7',
      'as-groups': ['a', 'b'],
      'as-user-extra': { 'example.com/scope': ['x'] },
    }),
  );
  expect(headers).toEqual({
    'Impersonate-User': 'robot',
    'Impersonate-Uid': '7',
    'Impersonate-Group': ['a', 'b'],
    'Impersonate-Extra-example.com%2Fscope': ['x'],
  });
});

test('plug-ins, providers and proxies are not static', () => {
  expect(hasStaticCredentials(selection({ token: 't' }))).toBe(true);
  expect(hasStaticCredentials(selection({ exec: { command: 'login' } }))).toBe(false);
  expect(hasStaticCredentials(selection({ 'auth-provider': { name: 'oidc' } }))).toBe(false);
  expect(hasStaticCredentials(selection({}, { 'proxy-url': 'http://proxy' }))).toBe(false);
});

test('the hash of a CA is that of its DER, whatever stands around it', () => {
  const der = Buffer.from('not really a certificate');
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const expected = createHash('sha256').update(der).digest('hex');
  expect(caSha256({ headers: {}, ca: Buffer.from(pem) })).toBe(expected);
  expect(caSha256({ headers: {}, ca: Buffer.from(`subject: x\n${pem}\n`) })).toBe(expected);
  expect(caSha256({ headers: {}, ca: Buffer.from(pem + pem) })).not.toBe(expected);
  expect(caSha256({ headers: {} })).toBe('system');
  expect(caSha256({ headers: {}, rejectUnauthorized: false })).toBe('insecure');
});
