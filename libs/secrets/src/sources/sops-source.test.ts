import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureTools } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test, vi } from 'vitest';
import { copySecrets } from '../copy-secrets.ts';
import { readSecretStates } from '../report/read-secret-states.ts';
import { secretsState } from '../state.ts';
import { messageOf, testWorkspace, type TestWorkspace, VALUES } from '../testing/test-workspace.ts';

let workspace: TestWorkspace;
let tools: Readonly<Record<'sops' | 'age-keygen', string>>;
let recipient: string;
const key = (name: string): string => join(workspace.root, '..', `${name}.age`);

beforeAll(async () => {
  tools = await ensureTools(['sops', 'age-keygen']);
  workspace = await testWorkspace();
  for (const name of ['mine', 'other']) await execa(tools['age-keygen'], ['-o', key(name)]);
  recipient = (await execa(tools['age-keygen'], ['-y', key('mine')])).stdout;
}, 600_000);
afterAll(() => workspace.remove());
beforeEach(async () => {
  vi.stubEnv('XDG_STATE_HOME', join(workspace.root, '../state'));
  vi.stubEnv('XDG_CONFIG_HOME', join(workspace.root, '../config'));
  vi.stubEnv('SOPS_AGE_KEY_FILE', key('mine'));
  await rm(workspace.path('environments/a/secrets'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(VALUES)) await encrypt(path, text);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const sops = () => workspace.environment({ source: 'sops' });

async function encrypt(path: string, text: string): Promise<void> {
  const file = workspace.path(`environments/a/sops/${path}`);
  await mkdir(dirname(file), { recursive: true });
  const plain = join(workspace.root, '../plain');
  await writeFile(plain, text);
  const args = ['encrypt', '--age', recipient, '--input-type', 'binary', plain];
  const { stdout } = await execa(tools.sops, args);
  await writeFile(file, stdout);
}

test('files that SOPS encrypted are copied byte for byte', async () => {
  const { source } = await copySecrets(sops());
  expect(source).toBe('environments/a/sops (SOPS)');
  for (const [path, text] of Object.entries(VALUES))
    expect(await workspace.secret(path)).toBe(text);
});

test('the name of a file does not matter to what it holds', async () => {
  const json = '{"token": "as it is"}';
  const shapes = 'kustom-base/secrets-boilerplate';
  const kustomization = 'environments/a/kustomization.yaml';
  const before = await Promise.all(
    [`${shapes}/shape.yaml`, kustomization].map((path) => readFile(workspace.path(path), 'utf8')),
  );
  const [shape = '', text = ''] = before;
  const described = `some/file.json: { description: d, readBy: [r], format: text, generate: '' }\n`;
  await workspace.write(`${shapes}/shape.yaml`, shape + described);
  await workspace.write(`${shapes}/some/file.json`, '<<FILL: it>>');
  await workspace.write(kustomization, `${text}  - { name: s, files: [secrets/some/file.json] }\n`);
  await encrypt('some/file.json', json);
  await copySecrets(sops());
  expect(await workspace.secret('some/file.json')).toBe(json);
  await workspace.write(kustomization, text);
});

test('another encryption is another state, without any decryption', async () => {
  await copySecrets(sops());
  const before = await secretsState(sops());
  vi.stubEnv('SOPS_AGE_KEY_FILE', '/absent');
  expect(await secretsState(sops())).toBe(before);
  await encrypt('jobs/token', 'rotated');
  expect(await secretsState(sops())).not.toBe(before);
});

test('the wrong age key is an error that names the file, and for whom it is encrypted', async () => {
  vi.stubEnv('SOPS_AGE_KEY_FILE', key('other'));
  const message = await messageOf(copySecrets(sops()));
  expect(message).toContain('jobs/token cannot be decrypted with an age key of this machine');
  expect(message).toContain(recipient);
  expect(message).not.toContain('of-the-jobs');
  vi.stubEnv('SOPS_AGE_KEY_FILE', '/absent');
  expect(await messageOf(copySecrets(sops()))).toContain('cannot be decrypted with an age key');
});

test.each([
  [
    'value',
    (text: string) =>
      text.replace(
        /"data": "ENC\[AES256_GCM,data:(.)/,
        (all, first: string) => all.slice(0, -1) + (first === 'A' ? 'B' : 'A'),
      ),
  ],
  ['MAC', (text: string) => text.replace(/"lastmodified": "\d{4}/, '"lastmodified": "2001')],
])(
  'a file whose %s was tampered with is an error, without a digest of the value',
  async (_name, tamper) => {
    const file = workspace.path('environments/a/sops/jobs/token');
    const text = await readFile(file, 'utf8');
    expect(tamper(text)).not.toBe(text);
    await writeFile(file, tamper(text));
    const message = await messageOf(copySecrets(sops()));
    expect(message).toContain('jobs/token was changed after it was encrypted');
    expect(message).not.toMatch(/[0-9A-F]{32}/);
  },
);

test.each([
  ['ends too early', (text: string) => text.slice(0, text.indexOf('"mac"'))],
  ['lost its key', (text: string) => text.replace(/"enc": "[^"]*"/, '"enc": ""')],
])('a file that %s is an error, of which nothing is shown', async (_name, damage) => {
  const file = workspace.path('environments/a/sops/jobs/token');
  const text = await readFile(file, 'utf8');
  expect(damage(text)).not.toBe(text);
  await writeFile(file, damage(text));
  const message = await messageOf(copySecrets(sops()));
  expect(message).toMatch(/jobs\/token (is damaged|cannot be decrypted|is not encrypted)/);
  expect(message).not.toMatch(/ENC\[|of-the-jobs/);
});

test('the age of a value is the time in the data of SOPS', async () => {
  const now = new Date(Date.now() + 100 * 86_400_000);
  const { secrets } = await readSecretStates(sops(), { maxAgeDays: 90, now });
  const ofFiles = secrets.filter(({ path }) => path in VALUES);
  expect(ofFiles).toHaveLength(4);
  for (const { ageDays, old } of ofFiles) expect([ageDays, old]).toEqual([100, true]);
});

test('a file that nobody declares is an error', async () => {
  await encrypt('jobs/tokne', 'sesame');
  expect(await messageOf(copySecrets(sops()))).toContain(
    'jobs/tokne is a file that nobody declares',
  );
  await rm(workspace.path('environments/a/sops/jobs/tokne'));
});

test('a file that is not encrypted is an error: its value is in git', async () => {
  await workspace.write('environments/a/sops/jobs/token', 'of-the-jobs');
  expect(await messageOf(copySecrets(sops()))).toContain('jobs/token is not encrypted');
});

test('a decrypted value has its form checked like any other', async () => {
  await encrypt('jobs/token', 'sesame\n');
  expect(await messageOf(copySecrets(sops()))).toContain('jobs/token ends with a line break');
});

test('where nothing is encrypted yet, the error says how to begin', async () => {
  await rm(workspace.path('environments/a/sops'), { recursive: true });
  expect(await messageOf(copySecrets(sops()))).toContain('sops encrypt --age');
});
