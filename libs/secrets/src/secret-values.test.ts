import { chmod, mkdir, rm, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copySecrets } from './copy-secrets.ts';
import { readSecretValues, requireSecretsDigest } from './secret-values.ts';
import { secretsDigest } from './state.ts';
import { messageOf, testWorkspace, type TestWorkspace } from './testing/test-workspace.ts';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await testWorkspace();
  vi.stubEnv('XDG_STATE_HOME', join(workspace.root, '../state'));
  vi.stubEnv('PROW_DEPLOY_SECRETS', '');
  await workspace.fillSource();
  await copySecrets(workspace.environment());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.remove();
});

const FOLDER = 'environments/a/secrets';
const inSecrets = (path: string): string => workspace.path(`${FOLDER}/${path}`);

test('each value is known by the placeholder that a render has for it', async () => {
  const values = await readSecretValues(workspace.environment());
  expect([...values].map(([placeholder, bytes]) => [placeholder, bytes.toString('utf8')])).toEqual([
    ['<<SECRET a docker/env#username>>', 'me'],
    ['<<SECRET a docker/env#password>>', 'pass=word'],
    ['<<SECRET a extra/env#a>>', ''],
    ['<<SECRET a extra/env#b>>', ''],
    ['<<SECRET a hmac-token/hmac>>', '0f8a2c61d7b94e35a1c07f6d28e9b3540a6c1d7e'],
    ['<<SECRET a honk/txt>>', ''],
    ['<<SECRET a jobs/token>>', 'of-the-jobs'],
  ]);
});

describe('what was spoiled after it was copied is refused by name, and not shown', () => {
  const hmac = 'hmac-token/hmac';
  const token = 'jobs/token';
  const write = (path: string, text: string) => () => workspace.write(`${FOLDER}/${path}`, text);
  test.each<[name: string, path: string, spoil: () => Promise<unknown>, says: string]>([
    ['missing', hmac, () => rm(inSecrets(hmac)), 'is missing'],
    ['empty', hmac, write(hmac, '\n'), 'is empty'],
    ["the boilerplate's text", hmac, write(hmac, '<<FILL: it>>'), "still holds the boilerplate's"],
    ['a placeholder', token, write(token, '<<SECRET a jobs/token>>'), 'holds a placeholder'],
    ['another form', hmac, write(hmac, 'sesame'), 'is too easy to guess'],
    ['CRLF', token, write(token, 'sesame\r\n'), 'has Windows line ends'],
    ['a line break at the end', token, write(token, 'sesame\n'), 'ends with a line break'],
    [
      'an undeclared key',
      'docker/env',
      write('docker/env', 'username=a\npassword=sesame\nc=d\n'),
      'has the key c',
    ],
    [
      'a folder',
      hmac,
      async () => {
        await rm(inSecrets(hmac));
        await mkdir(inSecrets(hmac));
      },
      'is a folder, and must be a file',
    ],
    [
      'a link that leads out of the folder',
      token,
      async () => {
        await unlink(inSecrets(token));
        await symlink(join(workspace.source, token), inSecrets(token));
      },
      'is a link that leads out of the folder',
    ],
  ])('%s', async (_name, path, spoil, says) => {
    await spoil();
    const message = await messageOf(readSecretValues(workspace.environment()));
    expect(message).toContain(`${FOLDER}/${path} ${says}`);
    expect(message).toMatch(
      /^Cannot use the secrets of a: 1 of 5 files are not as they have to be\. Run nx run a:copy-secrets, or correct:/,
    );
    expect(message).not.toMatch(/sesame|of-the-jobs/);
  });

  test('unreadable', async () => {
    await chmod(inSecrets(hmac), 0o000);
    for (const folder of [
      '..',
      '.',
      'environments',
      'environments/a',
      FOLDER,
      `${FOLDER}/hmac-token`,
    ])
      await chmod(join(workspace.root, folder), 0o755);
    // Root may read everything.
    if (process.getuid?.() === 0) process.seteuid?.(65_534);
    try {
      expect(await messageOf(readSecretValues(workspace.environment()))).toContain(
        `${FOLDER}/hmac-token/hmac cannot be read: it belongs to somebody else`,
      );
    } finally {
      if (process.getuid?.() === 0) process.seteuid?.(0);
    }
  });
});

test('values that were replaced while they were read are refused', async () => {
  const environment = workspace.environment();
  const digest = await secretsDigest(environment);
  await requireSecretsDigest(environment, digest);
  await workspace.write('source/jobs/token', 'rotated');
  await copySecrets(environment);
  expect(await messageOf(requireSecretsDigest(environment, digest))).toBe(
    'Cannot use the secrets of a: environments/a/secrets was changed while it was read. Run it again.',
  );
});
