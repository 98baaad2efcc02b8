import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesObject, auditIsolation } from '@prow-deploy/audit';
import { readManifest } from '@prow-deploy/apply';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const CONFIGS = 'kustom-base/configs';

let workspace: ClonedWorkspace;
beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
}, 60_000);
afterAll(() => workspace.remove());

const path = (file: string): string => join(workspace.root, file);
const read = (file: string): Promise<string> => readFile(path(file), 'utf8');

const generate = (name: string, ...args: string[]) =>
  workspace.nx('g', `@prow-deploy/nx-plugin:${name}`, ...args);

/** Generates what has to be refused; gives what was said, after seeing that nothing was written. */
async function refused(name: string, ...args: string[]): Promise<string> {
  const before = await workspace.git('status', '--short');
  const { exitCode, all } = await generate(name, ...args);
  expect(exitCode, all).not.toBe(0);
  expect(await workspace.git('status', '--short')).toBe(before);
  return all;
}

async function run(...args: string[]): Promise<string> {
  const { exitCode, all } = await workspace.nx(...args);
  expect(exitCode, all).toBe(0);
  return all;
}

/** Paths and contents of all files below a folder. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(path(folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = files.map(async (entry): Promise<[string, string]> => {
    const file = join(entry.parentPath, entry.name);
    return [file.slice(path(folder).length + 1), await readFile(file, 'latin1')];
  });
  return Object.fromEntries(await Promise.all(contents));
}

const versions = (): Promise<string[]> => readdir(path(CONFIGS));
const builtBy = async (name: string): Promise<KubernetesObject[]> =>
  (await readManifest(await read(`dist/${name}/prow-deploy.yaml`))) as KubernetesObject[];

describe('config-version', { timeout: 120_000 }, () => {
  test('copies the newest version, and lets one environment use it', async () => {
    const [newest = ''] = (await versions()).sort().reverse();
    await run('g', '@prow-deploy/nx-plugin:config-version', '--environment=kubevirtci-testing');
    const [made = ''] = (await versions()).filter((name) => name !== newest);
    expect(made).toMatch(/^\d{8}(?:-\d{4,6})?$/);
    expect(made > newest).toBe(true);
    expect(await contentOf(`${CONFIGS}/${made}`)).toEqual(await contentOf(`${CONFIGS}/${newest}`));
    expect((await workspace.git('diff', '--numstat')).trim().split('\t')).toEqual([
      '1',
      '1',
      'environments/kubevirtci-testing/environment.yaml',
    ]);
    expect(parse(await read('environments/kubevirtci-testing/environment.yaml'))).toMatchObject({
      configVersion: made,
    });
    await workspace.commit('another version');
  });

  test('refuses a version that is not there, or is there already', async () => {
    const [known = ''] = await versions();
    expect(await refused('config-version', '--from=19990101')).toContain(known);
    expect(await refused('config-version', known)).toContain('it is there already');
  });
});

describe('environment', { timeout: 240_000 }, () => {
  test('it builds, passes the audit, and neither it nor any other names what is the other’s', async () => {
    await run('g', '@prow-deploy/nx-plugin:environment', 'canary');
    const others = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'];
    await run('run-many', '-t', 'audit', '-p', ['canary', ...others].join(','));
    const made = await builtBy('canary');
    expect(made.length).toBe((await builtBy('kubevirtci-testing')).length);
    for (const other of others) {
      const objects = await builtBy(other);
      const apart = { sameCluster: false };
      const found = [
        ...auditIsolation(made, objects, apart),
        ...auditIsolation(objects, made, apart),
      ];
      expect(
        found.filter(({ severity }) => severity !== 'info').map(({ message }) => message),
        other,
      ).toEqual([]);
    }
    const manifest = await read('dist/canary/prow-deploy.yaml');
    expect(manifest).toContain('deck.canary.prowdeploy.ci');
    expect(manifest).not.toMatch(/kubernetes-prow|kubevirtci-testing/);
    await workspace.commit('another environment');
  });

  test('refuses a name that is taken or that Kubernetes does not take, and a shared cluster', async () => {
    const make = (...args: string[]): Promise<string> => refused('environment', ...args);
    expect(await make('ibmcloud-staging')).toContain('it is there already');
    expect(await make('Not_A_Name')).toContain('is no valid Kubernetes name');
    expect(await make('other', '--from=ibmcloud-production')).toContain('shares a cluster');
  });
});

describe('patch', { timeout: 240_000 }, () => {
  const ARGS = '/spec/template/spec/containers/0/args';
  const FILE = 'environments/ibmcloud-staging/patches/json6902/deployment_hook.yaml';
  const hook = ['ibmcloud-staging', '--kind=Deployment', '--name=hook'];

  test('an argument by its position, with a test of the container and of the argument', async () => {
    await run(
      'g',
      '@prow-deploy/nx-plugin:patch',
      ...hook,
      `--path=${ARGS}/0`,
      '--value=--dry-run=true',
    );
    expect(parse(await read(FILE))).toEqual([
      { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'hook' },
      { op: 'test', path: `${ARGS}/0`, value: '--dry-run=false' },
      { op: 'replace', path: `${ARGS}/0`, value: '--dry-run=true' },
    ]);
    await run('run', 'ibmcloud-staging:audit');
    const findings = (
      JSON.parse(await read('dist/ibmcloud-staging/audit.json')) as { findings: { code: string }[] }
    ).findings.map(({ code }) => code);
    expect(findings).not.toContain('patch-positional');
    const built = await builtBy('ibmcloud-staging');
    const { spec } = built.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'staging-hook',
    ) as unknown as { spec: { template: { spec: { containers: { args: string[] }[] } } } };
    expect(spec.template.spec.containers[0]?.args).toContain('--dry-run=true');
  });

  test('a second operation joins the first', async () => {
    const before = await read('environments/ibmcloud-staging/kustomization.yaml');
    await run(
      'g',
      '@prow-deploy/nx-plugin:patch',
      ...hook,
      '--path=/spec/paused',
      '--op=add',
      '--value=true',
    );
    const operations = parse(await read(FILE)) as unknown[];
    expect(operations.slice(-1)).toEqual([{ op: 'add', path: '/spec/paused', value: true }]);
    expect(operations).toHaveLength(4);
    expect(await read('environments/ibmcloud-staging/kustomization.yaml')).toBe(before);
  });

  test('fails, rather than hitting another argument, once upstream has inserted one', async () => {
    const text = await read(FILE);
    await writeFile(path(FILE), text.replace('value: --dry-run=false', 'value: --another=flag'));
    const { exitCode, all } = await workspace.nx('run', 'ibmcloud-staging:kustomize-build');
    expect(exitCode).not.toBe(0);
    expect(all).toContain('testing value');
    await writeFile(path(FILE), text);
  });

  test('refuses what is not there, and says what is', async () => {
    const make = (...args: string[]): Promise<string> => refused('patch', ...args);
    const at = `--path=${ARGS}/0`;
    expect(
      await make('ibmcloud-staging', '--kind=Deployment', '--name=hok', at, '--value=x'),
    ).toMatch(/has no Deployment hok\. There are .*Deployment staging-kubevirt-prow\/hook/);
    expect(await make(...hook, '--path=/spec/replica', '--value=1')).toMatch(
      /has nothing at \/spec\/replica\. At \/spec there is: .*replicas/,
    );
    expect(await make(...hook, '--path=spec.replicas', '--value=1')).toContain('no JSON pointer');
    expect(await make(...hook, '--path=/spec/replicas')).toContain('needs a --value');
  });
});
