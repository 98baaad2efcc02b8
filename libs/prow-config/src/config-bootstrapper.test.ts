import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type Cluster, clusterDown, clusterUp, connect } from '@prow-deploy/cluster';
import { readUpdaterMaps, toConfigMaps } from '@prow-deploy/config-updater';
import {
  type Environment,
  readEnvironment,
  renderConfigs,
  writeConfigs,
} from '@prow-deploy/environment';
import { buildEnvironment } from '@prow-deploy/kustomize';
import { ensureTool, printProgress } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

// Prow's own config-bootstrapper, on a real API server, is what our ConfigMaps are compared with.
const spec = { provider: 'embedded' as const, nodes: [{ name: 'node01' }] };
let workspaceRoot: string;
let cluster: Cluster;
let bootstrapper: string;

beforeAll(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'config-bootstrapper-test-'));
  const options = { environment: 'bootstrap', workspaceRoot, spec };
  const onProgress = printProgress(process.stderr);
  bootstrapper = await ensureTool('config-bootstrapper', { onProgress });
  await clusterUp(options);
  cluster = await connect(options);
}, 900_000);

afterAll(async () => {
  cluster.close();
  await clusterDown({ environment: 'bootstrap', workspaceRoot, spec });
  await rm(workspaceRoot, { recursive: true, force: true });
}, 120_000);

const PLUGINS = `
config_updater:
  maps:
    configs/jobs/**/*.yaml: { name: job-config, clusters: { default: [default] } }
    configs/packed/*.yaml: { name: packed, gzip: true, clusters: { default: [default] } }
    configs/spread/*: { partitioned_names: [spread-0, spread-1, spread-2, spread-3], clusters: { default: [default] } }
    configs/full/**/*: { name: full, use_full_path_as_key: true, clusters: { default: [default] } }
    configs/one.yaml: { name: one, key: other.yaml, clusters: { default: [default] } }
`;

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'configs/jobs/a.yaml': 'periodics: []\n',
  'configs/jobs/kubevirt/kubevirt/b.yaml': '# ä\npresubmits: {}\n',
  'configs/jobs/OWNERS': 'approvers: [a]\n',
  'configs/packed/c.yaml': 'periodics: []\n'.repeat(1000),
  'configs/full/x/same.yaml': 'x',
  'configs/full/y/same.yaml': 'y',
  'configs/full/y/binary': Uint8Array.of(0x80, 0, 1),
  'configs/one.yaml': '',
  ...Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`configs/spread/${index}.yaml`, `${index}\n`]),
  ),
};

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Runs Prow's program on a folder with these files, as whoever loads a fresh deployment would. */
async function bootstrap(files: Files, config = 'prowjob_namespace: default\n', plugins = PLUGINS) {
  const source = await mkdtemp(join(workspaceRoot, 'source-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), content);
  }
  const folder = await mkdtemp(join(workspaceRoot, 'config-'));
  await writeFile(join(folder, 'config.yaml'), config);
  await writeFile(join(folder, 'plugins.yaml'), plugins);
  await promisify(execFile)(bootstrapper, [
    `--source-path=${source}`,
    `--config-path=${join(folder, 'config.yaml')}`,
    `--plugin-config=${join(folder, 'plugins.yaml')}`,
    `--kubeconfig=${cluster.kubeconfig}`,
    '--dry-run=false',
  ]);
}

interface ConfigMap {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: object;
  readonly binaryData?: object;
}

async function configMapsThere(namespace: string): Promise<object[]> {
  const { body } = await cluster.request({ path: `/api/v1/namespaces/${namespace}/configmaps` });
  const { items } = body as { items: ConfigMap[] };
  return items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt').map(comparable);
}

function comparable({ metadata, data = {}, binaryData = {} }: ConfigMap): object {
  return { name: metadata.name, data, binaryData: unpacked(binaryData) };
}

// Compressed by another library, the bytes differ; what they hold does not.
function unpacked(binaryData: object): object {
  return Object.fromEntries(
    Object.entries(binaryData).map(([key, value]) => {
      const bytes = Buffer.from(String(value), 'base64');
      return [key, bytes[0] === 0x1f ? gunzipSync(bytes).toString() : bytes.toString('base64')];
    }),
  );
}

function ours(files: Files): object[] {
  const { configMaps, problems } = toConfigMaps(
    Object.entries(files).map(([path, content]) => ({ path, content })),
    readUpdaterMaps(parse(PLUGINS)),
  );
  expect(problems).toEqual([]);
  return configMaps.map(({ name, ...values }) => comparable({ metadata: { name }, ...values }));
}

test('the ConfigMaps are those that Prow itself makes, and stale keys are gone', async () => {
  await bootstrap(FILES);
  expect(await configMapsThere('default')).toEqual(ours(FILES));

  const fewer = Object.fromEntries(
    Object.entries(FILES).filter(([path]) => path !== 'configs/jobs/a.yaml'),
  );
  const changed = { ...fewer, 'configs/jobs/new/d.yaml': 'd: 1\n' };
  await bootstrap(changed);
  expect(await configMapsThere('default')).toEqual(ours(changed));
}, 120_000);

test.each(['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'])(
  'what kustomize builds of %s has the ConfigMaps that Prow makes of its folder',
  async (name) => {
    const environment = await copyOf(name);
    const configs = await renderConfigs(environment);
    await writeConfigs(environment, configs);
    const { manifest } = await buildEnvironment(environment);
    const built = parseAllDocuments(manifest).map((document) => document.toJS() as ConfigMap);

    const namespace = environment.namespaces.prow;
    const metadata = { name: namespace };
    await cluster.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata },
    });
    const files = Object.fromEntries(configs.map(({ path, text }) => [`configs/${path}`, text]));
    const config = files['configs/config/config.yaml'];
    const plugins = files['configs/plugins/plugins.yaml'];
    await bootstrap(files, config, plugins);

    const there = await configMapsThere(namespace);
    expect(there).toHaveLength(4);
    expect(built.map(comparable)).toEqual(expect.arrayContaining(there));
  },
  120_000,
);

/** An environment of this repository, in a folder of its own in which it can be rendered. */
async function copyOf(name: string): Promise<Environment> {
  const root = await realpath(await mkdtemp(join(workspaceRoot, 'own-')));
  for (const folder of [`environments/${name}`, 'kustom-base', 'vendor'])
    await cp(folder, join(root, folder), {
      recursive: true,
      filter: (path) => !/^environments\/[^/]+\/(secrets|configs)$/.test(path),
    });
  return readEnvironment({ workspaceRoot: root, name });
}
