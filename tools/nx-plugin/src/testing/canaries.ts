import { generateKeyPairSync } from 'node:crypto';

/** Secret files whose every value is a canary: random, looked for by the test, and by nothing of ours. */
export interface Canaries {
  /** Path below the source → content. */
  readonly files: ReadonlyMap<string, string>;
  /** Name → what must not be found. */
  readonly values: ReadonlyMap<string, string>;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Fills the boilerplate with canaries of the forms that its programs take; `random` makes them. */
export function makeCanaries(random: () => number): Canaries {
  const values = new Map<string, string>();
  const byte = (): number => Math.floor(random() * 256);
  const canary = (name: string, value: string): string => {
    values.set(name, value);
    return value;
  };
  const token = (name: string, prefix = ''): string =>
    canary(
      name,
      prefix + Array.from({ length: 36 }, () => ALPHABET[byte() % ALPHABET.length]).join(''),
    );
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, byte));
  const env = (name: string): string =>
    `username=${token(`${name} username`, 'robot-')}\npassword=${token(`${name} password`)}\n`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const [index, line] of pem.split('\n').slice(1, -2).entries()) {
    canary(`private key, line ${index}`, line);
  }
  const files = {
    'commenter-oauth-token/oauth': token('commenter', 'ghp_'),
    'cookie-b64encoded/secret': canary('cookie', bytes(32).toString('base64')),
    'gcs/service-account.json': JSON.stringify({
      type: 'service_account',
      project_id: 'prow',
      private_key_id: token('private_key_id'),
      private_key: pem,
      client_email: 'prow@example.invalid',
      client_id: token('client_id'),
      auth_uri: 'https://example.invalid/auth',
      token_uri: 'https://example.invalid/token',
    }),
    'github-oauth-config/secret': `client_id: ${token('app id')}\nclient_secret: ${token('app secret')}\nredirect_url: https://example.invalid/redirect\n`,
    'hmac-token/hmac': canary('hmac', bytes(20).toString('hex')),
    'kubeconfig/config': `apiVersion: v1
kind: Config
clusters: [{ name: build, cluster: { server: 'https://example.invalid' } }]
users: [{ name: build, user: { token: ${token('build cluster')} } }]
contexts: [{ name: build, context: { cluster: build, user: build } }]
`,
    'kubevirtci-coveralls-token/token': token('coveralls'),
    'kubevirtci-docker-credential/env': env('docker'),
    'kubevirtci-installer-pull-token/token': token('installer'),
    'kubevirtci-quay-credential/env': env('quay'),
    'oauth-token/oauth': token('oauth', 'ghp_'),
    'slack-token/token': token('slack', 'xoxb-'),
    'unsplash-api/honk.txt': token('unsplash'),
  };
  return { files: new Map(Object.entries(files)), values };
}
