import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readEnvironment, renderConfigs, renderErrors } from '@prow-deploy/environment';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const COPIES = 'vendor/test-infra';
const NEXT = 'v20990101-0123456789';
const IMAGES = 'us-docker.pkg.dev/k8s-infra-prow/images';
const CHECKCONFIG_WARNING = 'verify-owners-presence';

let workspace: ClonedWorkspace;
let upstream: string;
const path = (...names: string[]): string => join(workspace.root, ...names);
const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];

beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
  await ensureTool('kustomize');
  await workspace.git('config', 'user.name', 'test');
  await workspace.git('config', 'user.email', 'test@localhost');
  upstream = await realpath(await mkdtemp(join(tmpdir(), 'upstream-')));
  const [first = ''] = (await readdir(path(COPIES))).filter((name) => name.length === 40);
  await cp(path(COPIES, first, 'manifests'), join(upstream, 'm'), { recursive: true });
  await execa('git', ['init', '--quiet', '--initial-branch=master'], { cwd: upstream });
  await commit('first');
  await writeFile(
    path(COPIES, 'upstream.yaml'),
    `repository: ${upstream}\npath: m\nfollowImages: [${IMAGES}]\n`,
  );
  await workspace.commit('another upstream');
}, 120_000);
afterAll(async () => {
  await workspace.remove();
  await rm(upstream, { recursive: true, force: true });
});

async function commit(message: string): Promise<string> {
  await execa('git', ['add', '--all'], { cwd: upstream });
  await execa('git', [...author, 'commit', '--quiet', '-m', message], { cwd: upstream });
  return (await execa('git', ['rev-parse', 'HEAD'], { cwd: upstream })).stdout;
}

const bump = async (revision: string): Promise<string> =>
  (await execa(path('.ci/bump'), [revision, 'kubevirtci-testing'], { env: workspace.env })).stdout;

/** The YAML blocks of the documentation. */
async function recipes(): Promise<string[]> {
  const text = await readFile(path('docs/automatic-bumps.md'), 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block ?? '');
}

test('nothing new makes no commit', async () => {
  const before = await workspace.git('rev-parse', 'HEAD');
  expect(await bump('master')).toBe('nothing-new');
  expect(await workspace.git('rev-parse', 'HEAD')).toBe(before);
  expect(await workspace.git('status', '--short')).toBe('');
}, 120_000);

test('what is new makes a commit on a branch, also where it breaks something, with the tags that follow', async () => {
  const file = join(upstream, 'm/ghproxy.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('name: ghproxy\n', 'name: ghproxy-cache\n'));
  for (const name of await readdir(join(upstream, 'm'))) {
    const manifest = join(upstream, 'm', name);
    const tagged = (await readFile(manifest, 'utf8')).replaceAll(/:v2024\d{4}-\w+/g, `:${NEXT}`);
    await writeFile(manifest, tagged);
  }
  const newest = await commit('second');
  const branch = await bump('master');
  expect(branch).toBe(`bump-test-infra-${newest.slice(0, 12)}`);
  expect(await workspace.git('branch', '--show-current')).toBe(branch);
  expect(await workspace.git('status', '--short')).toBe('');
  const names = (await workspace.git('show', '--name-only', '--format=')).split('\n');
  expect(names).toContain('environments/kubevirtci-testing/kustomization.yaml');
  const rest = names.filter((name) => !name.startsWith(`${COPIES}/${newest}/`));
  expect(rest).toEqual(['environments/kubevirtci-testing/kustomization.yaml']);
  const { images } = parse(await readFile(path(rest[0] ?? ''), 'utf8')) as {
    images: { name: string; newTag: string }[];
  };
  expect(images.map(({ name, newTag }) => `${name}:${newTag}`)).toEqual(
    ['branchprotector', 'cherrypicker', 'exporter'].map((name) => `${IMAGES}/${name}:${NEXT}`),
  );
  expect(await readFile(path('dist/test-infra/rehearsal.md'), 'utf8')).toContain('**breaks**');
}, 180_000);

test('a pull request is opened with the report as its text; a second one is not', async () => {
  const asked: { url?: string | undefined; authorization?: string | undefined; body: string }[] =
    [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url, headers } = request;
      asked.push({
        url,
        authorization: headers.authorization,
        body: Buffer.concat(chunks).toString(),
      });
      response.statusCode = asked.length === 1 ? 201 : asked.length === 2 ? 422 : 403;
      response.end(
        asked.length === 1 ? '{"html_url":"https://github.com/a/b/pull/1"}' : 'already exists',
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await mkdir(path('dist'), { recursive: true });
  await writeFile(path('dist/text.md'), '## Report\n');
  await writeFile(path('dist/token'), 'sesame\n');
  const open = (...base: string[]) =>
    execa(path('.ci/open-pull-request'), ['bump-x', path('dist/text.md'), ...base], {
      env: {
        GITHUB_REPOSITORY: 'a/b',
        GITHUB_TOKEN: '',
        GITHUB_TOKEN_PATH: path('dist/token'),
        GITHUB_API_URL: `http://127.0.0.1:${port}`,
      },
      reject: false,
    });
  try {
    expect((await open()).stdout).toBe('Opened https://github.com/a/b/pull/1');
    expect((await open('release')).stdout).toContain('already');
    const refused = await open();
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('403');
    expect(refused.stderr).not.toContain('sesame');
  } finally {
    server.close();
  }
  expect(asked[0]).toMatchObject({ url: '/repos/a/b/pulls', authorization: 'Bearer sesame' });
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
    head: 'bump-x',
    base: 'main',
    body: '## Report\n',
  });
  expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ base: 'release' });
}, 60_000);

const PERIODICS = 'jobs/kubevirt/prow-deploy/prow-deploy-periodics.yaml';

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** The names of the periodic jobs that an environment has from the documented file. */
async function periodicsOf(name: string): Promise<string[]> {
  const configs = await renderConfigs(
    await readEnvironment({ workspaceRoot: workspace.root, name }),
  );
  expect(renderErrors(configs)).toEqual([]);
  const { text = '' } = configs.find((config) => config.path === PERIODICS) ?? {};
  const { periodics } = parse(text) as { periodics: { name: string }[] };
  return periodics.map((job) => job.name);
}

test('the documented recipes call what is there, Prow accepts the job, and a script takes it out', async () => {
  const [workflow = '', job = '', script = '', ...others] = await recipes();
  expect(others).toEqual([]);
  expect(parse(workflow)).toMatchObject({ jobs: { bump: { 'timeout-minutes': 30 } } });
  for (const recipe of [workflow, job]) {
    for (const script of ['.ci/bump', '.ci/open-pull-request']) expect(recipe).toContain(script);
  }
  const [version = ''] = await readdir(path('kustom-base/configs'));
  const folder = path('kustom-base/configs', version);
  await put(join(folder, PERIODICS), job);
  await put(path('environments/ibmcloud-staging/yq_scripts', PERIODICS), script);
  expect(await periodicsOf('ibmcloud-production')).toEqual(['periodic-bump-test-infra']);
  expect(await periodicsOf('ibmcloud-staging')).toEqual([]);
  await writeFile(path('dist/job.yaml'), job);
  const { exitCode, all } = await execa(
    await ensureTool('checkconfig'),
    [
      `--config-path=${join(folder, 'config/config.yaml')}`,
      `--job-config-path=${path('dist/job.yaml')}`,
      '--strict',
      `--exclude-warning=${CHECKCONFIG_WARNING}`,
    ],
    { all: true, reject: false },
  );
  expect(exitCode, all).toBe(0);
}, 120_000);
