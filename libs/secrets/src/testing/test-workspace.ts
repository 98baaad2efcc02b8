import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment, SecretsSource } from '@prow-deploy/environment';

const SHAPE = `
hmac-token/hmac: { description: signs webhooks, readBy: [hook], format: hmac, generate: '\${hex:20}' }
docker/env: { description: robot account, readBy: [jobs], format: env, generate: "username=throw-away\\npassword=\${base64:9}\\n" }
honk/txt: { description: pictures, readBy: [hook], format: token, presence: may-be-empty, generate: '' }
extra/env: { description: not needed, readBy: [jobs], format: env, presence: optional, generate: "a=1\\nb=2\\n" }
jobs/token: { description: of jobs, readBy: [jobs], format: token, exact: true, generate: x }
unread/token: { description: read by nobody, readBy: [jobs], format: token, generate: x }
`;
const KUSTOMIZATION = `
resources: [n.yaml]
secretGenerator:
  - name: hmac-token
    files: [secrets/hmac-token/hmac]
  - name: honk
    files: [txt=secrets/honk/txt]
  - name: docker
    envs: [secrets/docker/env]
  - name: docker-for-jobs
    env: secrets/docker/env
  - name: extra
    envs: [secrets/extra/env]
  - name: jobs
    files: [secrets/jobs/token]
`;

/** Values that fit the shape of a test workspace. */
export const VALUES: Readonly<Record<string, string>> = {
  'hmac-token/hmac': '0f8a2c61d7b94e35a1c07f6d28e9b3540a6c1d7e',
  'docker/env': '# robot\nusername=me\npassword=pass=word\n',
  'honk/txt': '',
  'jobs/token': 'of-the-jobs',
};

/** A workspace with one environment, `a`, and a folder beside it for its secrets. */
export interface TestWorkspace {
  readonly root: string;
  /** Folder outside of the workspace that the source `folder` reads. */
  readonly source: string;
  /** Writes a file of the workspace, or of its source (`source/…`). */
  write(path: string, text: string | Buffer): Promise<void>;
  /** Where such a file is. */
  path(path: string): string;
  /** Fills the source with {@link VALUES}. */
  fillSource(): Promise<void>;
  /** A file of the environment's `secrets/`. */
  secret(path: string): Promise<string>;
  environment(secrets?: SecretsSource): Environment;
  remove(): Promise<void>;
}

export async function testWorkspace(): Promise<TestWorkspace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'secrets-test-')));
  const root = join(folder, 'workspace');
  const source = join(folder, 'source');
  const path = (name: string): string =>
    name.startsWith('source/') ? join(folder, name) : join(root, name);
  const write = async (name: string, text: string | Buffer): Promise<void> => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  };
  const boilerplate = 'kustom-base/secrets-boilerplate';
  await write(`${boilerplate}/shape.yaml`, SHAPE);
  await write(`${boilerplate}/docker/env`, 'username=<<FILL: name>>\npassword=<<FILL: token>>\n');
  await write(`${boilerplate}/extra/env`, 'a=<<FILL: a>>\nb=<<FILL: b>>\n');
  for (const file of ['hmac-token/hmac', 'honk/txt', 'jobs/token', 'unread/token'])
    await write(`${boilerplate}/${file}`, '<<FILL: it>>\n');
  await write('environments/a/kustomization.yaml', KUSTOMIZATION);
  await write('environments/a/n.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: p }\n');
  return {
    root,
    source,
    write,
    path,
    fillSource: async () => {
      for (const [name, text] of Object.entries(VALUES)) await write(`source/${name}`, text);
    },
    secret: (name) => readFile(path(`environments/a/secrets/${name}`), 'utf8'),
    environment: (secrets = { source: 'folder', path: source }) => ({
      name: 'a',
      directory: path('environments/a'),
      workspaceRoot: root,
      configVersion: '1',
      namespaces: { prow: 'p', jobs: 'j' },
      protection: 'none',
      secrets,
      cluster: { provider: 'embedded', nodes: [] },
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The message of the error that a promise rejects with. */
export async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('It was expected to fail.'),
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? error.message : String(error);
}
