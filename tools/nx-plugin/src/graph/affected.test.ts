import { appendFile, cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClonedWorkspace, cloneWorkspace } from '../testing/clone-workspace.ts';

const ALL = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'];
const STAGING = 'environments/ibmcloud-staging';

let workspace: ClonedWorkspace;
beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
}, 60_000);
afterAll(() => workspace.remove());

/** The environments whose kustomize-build Nx would run for the last commit. */
async function affected(): Promise<string[]> {
  const { stdout, all, exitCode } = await workspace.nx(
    'affected',
    '-t',
    'kustomize-build',
    '--base=HEAD~1',
    '--head=HEAD',
    '--graph=stdout',
  );
  expect(exitCode, all).toBe(0);
  const { tasks } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
    tasks: { tasks: Record<string, unknown> };
  };
  return Object.keys(tasks.tasks)
    .filter((id) => id.endsWith(':kustomize-build'))
    .map((id) => id.slice(0, id.indexOf(':')))
    .sort();
}

async function change(file: string, text = '\n# changed\n'): Promise<void> {
  await appendFile(join(workspace.root, file), text);
  await workspace.commit(`change ${file}`);
}

async function replace(file: string, from: string, to: string): Promise<void> {
  const path = join(workspace.root, file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replaceAll(from, to));
}

const only = async (folder: string): Promise<string> => {
  const entries = await readdir(join(workspace.root, folder), { withFileTypes: true });
  const [name, ...others] = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  expect(others).toEqual([]);
  return name ?? '';
};

describe('nx affected -t kustomize-build', { timeout: 120_000 }, () => {
  test.each([
    ['a yq script of staging', `${STAGING}/yq_scripts/config/config.yaml`, ['ibmcloud-staging']],
    ['a manifest of kustom-base', 'kustom-base/manifests/local/branch-protector.yaml', ALL],
    ['the README', 'README.md', []],
  ])('%s', async (_name, file, expected) => {
    await change(file);
    expect(await affected()).toEqual(expected);
  });

  test('the code of libs/yq-script', async () => {
    await change('libs/yq-script/src/index.ts', '\n// changed\n');
    expect(await affected()).toEqual(ALL);
  });

  test('a vendored commit that only staging uses', async () => {
    const current = await only('vendor/test-infra');
    const next = 'f'.repeat(40);
    await cp(
      join(workspace.root, 'vendor/test-infra', current),
      join(workspace.root, 'vendor/test-infra', next),
      { recursive: true },
    );
    await replace(`${STAGING}/kustomization.yaml`, current, next);
    await workspace.commit('staging uses another vendored commit');
    expect(await affected()).toEqual(['ibmcloud-staging']);
    await change(`vendor/test-infra/${next}/manifests/deck_service.yaml`);
    expect(await affected()).toEqual(['ibmcloud-staging']);
  });

  test('a base configuration version that only staging uses', async () => {
    const current = await only('kustom-base/configs');
    await cp(
      join(workspace.root, 'kustom-base/configs', current),
      join(workspace.root, 'kustom-base/configs/20990101'),
      { recursive: true },
    );
    await replace(`${STAGING}/environment.yaml`, current, '20990101');
    await workspace.commit('staging uses another base configuration');
    expect(await affected()).toEqual(['ibmcloud-staging']);
    await change('kustom-base/configs/20990101/config/config.yaml');
    expect(await affected()).toEqual(['ibmcloud-staging']);
  });

  test('nx graph --file holds the edges', async () => {
    const { exitCode, all } = await workspace.nx('graph', '--file=graph.json');
    expect(exitCode, all).toBe(0);
    const { graph } = JSON.parse(await readFile(join(workspace.root, 'graph.json'), 'utf8')) as {
      graph: { dependencies: Record<string, { target: string }[]> };
    };
    const targets = (project: string): string[] =>
      (graph.dependencies[project] ?? []).map(({ target }) => target);
    expect(targets('ibmcloud-staging')).toEqual(
      expect.arrayContaining([
        'kustom-base',
        'configs-20990101',
        'test-infra-ffffffffffff',
        'yq-script',
        'environment',
        'kustomize',
        'secrets',
        'cluster',
        'apply',
        'verify',
      ]),
    );
    expect(targets('kubevirtci-testing')).not.toContain('configs-20990101');
    expect(targets('kubevirtci-testing')).not.toContain('test-infra-ffffffffffff');
  });
});
