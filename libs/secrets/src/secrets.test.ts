import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment, SecretsSource } from '@prow-deploy/environment';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { copySecrets, secretsDigest, secretsState } from './copy-secrets.ts';
import { SecretsError } from './errors.ts';
import { fillPlaceholders } from './fill-placeholders.ts';
import { placeholder, placeholderFiles } from './placeholder.ts';
import { currentSecretsReceipt, writeSecretsReceipt } from './receipt.ts';
import { secretFiles } from './secret-files.ts';
import { readSecretValues } from './secret-values.ts';

const shape = `
hmac-token/hmac: { description: signs webhooks, format: hex, generate: '\${hex:20}' }
docker/env: { description: robot account, format: env, generate: "username=throw-away\\npassword=\${base64:9}\\n" }
honk/txt: { description: pictures, format: text, mayBeEmpty: true, generate: '' }
unread/token: { description: read by nobody, format: text, generate: x }
`;
const kustomization = `
resources: [n.yaml]
secretGenerator:
  - name: hmac-token
    files: [secrets/hmac-token/hmac]
  - name: honk
    files: [txt=secrets/honk/txt]
  - name: docker
    envs: [secrets/docker/env]
  - name: docker-for-jobs
    envs: [secrets/docker/env]
  - name: literal
    literals: [a=b]
`;

let workspaceRoot: string;
let source: string;

beforeEach(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'secrets-test-'));
  source = join(workspaceRoot, 'outside');
  vi.stubEnv('XDG_STATE_HOME', join(workspaceRoot, 'state'));
  await write('kustom-base/secrets-boilerplate/shape.yaml', shape);
  await write(
    'kustom-base/secrets-boilerplate/docker/env',
    'username=<<FILL: name>>\npassword=<<FILL: token>>\n',
  );
  await write('environments/a/kustomization.yaml', kustomization);
  await write('environments/a/n.yaml', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(workspaceRoot, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(workspaceRoot, path)), { recursive: true });
  await writeFile(join(workspaceRoot, path), text);
}

function environment(secrets: SecretsSource = { source: 'generated' }): Environment {
  return {
    name: 'a',
    directory: join(workspaceRoot, 'environments/a'),
    workspaceRoot,
    configVersion: '1',
    namespaces: { prow: 'p', jobs: 'j' },
    protection: 'none',
    secrets,
    cluster: { provider: 'embedded', nodes: [] },
  };
}

const folder = (): Environment => environment({ source: 'folder', path: source });

async function fillSource(): Promise<void> {
  await write('outside/hmac-token/hmac', 'abcdef');
  await write('outside/docker/env', '# robot\nusername=me\npassword=pass=word\n');
  await write('outside/honk/txt', '');
}

const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SecretsError);
  return (error as SecretsError).message;
};

describe('secretFiles', () => {
  test('are those that the kustomization reads, each once, with their shapes', async () => {
    expect(
      (await secretFiles(environment())).map(({ path, format }) => `${path} ${format}`),
    ).toEqual(['docker/env env', 'hmac-token/hmac hex', 'honk/txt text']);
  });

  test('one that the boilerplate does not describe is an error', async () => {
    await write(
      'environments/a/kustomization.yaml',
      kustomization.replace('hmac-token/hmac', 'hmac-token/oauth'),
    );
    expect(await messageOf(secretFiles(environment()))).toContain('reads secrets/hmac-token/oauth');
  });

  test('a shape with an unknown key is an error with its line', async () => {
    await write(
      'kustom-base/secrets-boilerplate/shape.yaml',
      `${shape}x/y: { description: d, format: text, generate: '', optional: true }\n`,
    );
    expect(await messageOf(secretFiles(environment()))).toContain('shape.yaml:6');
  });
});

describe('copySecrets with generated values', () => {
  test('makes each value once, for nobody else to read', async () => {
    const first = await copySecrets(environment());
    expect(first.written).toEqual(['docker/env', 'hmac-token/hmac', 'honk/txt']);
    const hmac = await readFile(
      join(workspaceRoot, 'environments/a/secrets/hmac-token/hmac'),
      'utf8',
    );
    expect(hmac).toMatch(/^[0-9a-f]{40}$/);
    const second = await copySecrets(environment());
    expect(second).toMatchObject({ written: [], unchanged: first.written, state: first.state });
    expect(
      await readFile(join(workspaceRoot, 'environments/a/secrets/hmac-token/hmac'), 'utf8'),
    ).toBe(hmac);
    for (const [path, mode] of [
      ['', 0o700],
      ['hmac-token', 0o700],
      ['hmac-token/hmac', 0o600],
    ] as const) {
      expect((await stat(join(workspaceRoot, 'environments/a/secrets', path))).mode & 0o777).toBe(
        mode,
      );
    }
  });

  test('replaces a value that was emptied, and makes a file private again', async () => {
    await copySecrets(environment());
    await write('environments/a/secrets/hmac-token/hmac', '');
    await chmod(join(workspaceRoot, 'environments/a/secrets/docker/env'), 0o644);
    expect((await copySecrets(environment())).written).toEqual(['hmac-token/hmac']);
    expect(
      (await stat(join(workspaceRoot, 'environments/a/secrets/docker/env'))).mode & 0o777,
    ).toBe(0o600);
  });
});

describe('copySecrets from a folder', () => {
  test('copies the bytes and follows a rotation', async () => {
    await fillSource();
    await copySecrets(folder());
    await write('outside/hmac-token/hmac', 'rotated');
    expect((await copySecrets(folder())).written).toEqual(['hmac-token/hmac']);
    expect(
      await readFile(join(workspaceRoot, 'environments/a/secrets/hmac-token/hmac'), 'utf8'),
    ).toBe('rotated');
  });

  test.each([
    [
      'missing',
      async () => rm(join(source, 'hmac-token/hmac')),
      'hmac-token/hmac is missing: signs webhooks',
    ],
    ['empty', async () => write('outside/hmac-token/hmac', '\n'), 'hmac-token/hmac is empty'],
    [
      "the boilerplate's",
      async () => write('outside/hmac-token/hmac', '<<FILL: 40 characters>>'),
      "hmac-token/hmac still holds the boilerplate's text",
    ],
    [
      'without a value',
      async () => write('outside/docker/env', 'username=me\npassword=\n'),
      'docker/env has no value for password',
    ],
    [
      'no env file',
      async () => write('outside/docker/env', 'me\n'),
      'docker/env has no KEY=value line',
    ],
  ])('refuses a file that is %s before anything is written', async (_name, spoil, expected) => {
    await fillSource();
    await spoil();
    expect(await messageOf(copySecrets(folder()))).toContain(expected);
    await expect(readdir(join(workspaceRoot, 'environments/a/secrets'))).rejects.toThrow('ENOENT');
  });

  test('says how to begin where the folder is not there', async () => {
    const message = await messageOf(copySecrets(folder()));
    expect(message).toContain('3 of 3 files');
    expect(message).toMatch(/cp -r kustom-base\/secrets-boilerplate .*outside/);
  });
});

describe('secretsState and secretsDigest', () => {
  test('change with a value on either side, and stay otherwise', async () => {
    await fillSource();
    const { state } = await copySecrets(folder());
    const digest = await secretsDigest(folder());
    expect(await secretsState(folder())).toBe(state);
    await write('outside/hmac-token/hmac', 'rotated');
    expect(await secretsState(folder())).not.toBe(state);
    expect(await secretsDigest(folder())).toBe(digest);
    await fillSource();
    await write('environments/a/secrets/hmac-token/hmac', 'edited');
    expect(await secretsState(folder())).not.toBe(state);
    expect(await secretsDigest(folder())).not.toBe(digest);
  });

  test('are of no use without the key of this user', async () => {
    await fillSource();
    await copySecrets(folder());
    const digest = await secretsDigest(folder());
    vi.stubEnv('XDG_STATE_HOME', join(workspaceRoot, 'other-state'));
    expect(await secretsDigest(folder())).not.toBe(digest);
    expect((await stat(join(workspaceRoot, 'state/prow-deploy/digest.key'))).mode & 0o777).toBe(
      0o600,
    );
  });

  test('the receipt holds no value and is current until something changes', async () => {
    await fillSource();
    const { state, source: from } = await copySecrets(folder());
    await writeSecretsReceipt(folder(), { hash: '42', state, files: [], source: from });
    expect(await readFile(join(workspaceRoot, 'dist/a/secrets-receipt.json'), 'utf8')).not.toMatch(
      /abcdef|pass=word/,
    );
    expect(await currentSecretsReceipt(folder())).toMatchObject({ hash: '42' });
    await rm(join(workspaceRoot, 'environments/a/secrets/honk/txt'));
    expect(await currentSecretsReceipt(folder())).toBeUndefined();
  });

  test('two runs that need the key at once agree on it', async () => {
    await fillSource();
    await copySecrets(folder());
    vi.stubEnv('XDG_STATE_HOME', join(workspaceRoot, 'fresh-state'));
    const digests = await Promise.all(Array.from({ length: 8 }, () => secretsDigest(folder())));
    expect(new Set(digests).size).toBe(1);
  });
});

describe('placeholders', () => {
  const secret = (name: string, data: Record<string, string>): object => ({
    kind: 'Secret',
    metadata: { name, namespace: 'p' },
    data: Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    ),
  });

  test('stand in for each file, and for each key of an env file', async () => {
    expect(Object.fromEntries(await placeholderFiles(environment()))).toEqual({
      'secrets/hmac-token/hmac': '<<SECRET hmac-token/hmac>>',
      'secrets/honk/txt': '<<SECRET honk/txt>>',
      'secrets/docker/env':
        'username=<<SECRET docker/env#username>>\npassword=<<SECRET docker/env#password>>\n',
    });
  });

  test('are filled with the bytes, in copies, and the rest stays as it is', async () => {
    await fillSource();
    await copySecrets(folder());
    const values = await readSecretValues(folder());
    const objects = [
      secret('hmac', { hmac: placeholder('hmac-token/hmac'), own: 'kept' }),
      secret('docker', { password: placeholder('docker/env', 'password') }),
      { kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } },
    ];
    const before = JSON.stringify(objects);
    expect(fillPlaceholders(objects, values)).toEqual([
      secret('hmac', { hmac: 'abcdef', own: 'kept' }),
      secret('docker', { password: 'pass=word' }),
      objects[2],
    ]);
    expect(JSON.stringify(objects)).toBe(before);
  });

  test('one without a value, or outside of a Secret, is an error', () => {
    expect(() => fillPlaceholders([secret('s', { k: placeholder('gone') })], new Map())).toThrow(
      'Cannot fill Secret p/s, key k',
    );
    const config = {
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { a: `x ${placeholder('hmac-token/hmac')}` },
    };
    expect(() => fillPlaceholders([config], new Map())).toThrow(
      "stands outside of a Secret's data",
    );
  });

  test('values that are missing or not filled in are named before anything is sent, without their text', async () => {
    await fillSource();
    await copySecrets(folder());
    await write('environments/a/secrets/hmac-token/hmac', 'sesame <<FILL: x>>');
    await rm(join(workspaceRoot, 'environments/a/secrets/docker/env'));
    const message = await messageOf(readSecretValues(folder()));
    expect(message).toContain('environments/a/secrets/docker/env is missing');
    expect(message).toContain(
      "environments/a/secrets/hmac-token/hmac still holds the boilerplate's text",
    );
    expect(message).not.toContain('sesame');
  });
});
