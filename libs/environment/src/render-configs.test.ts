import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from './environment.ts';
import { renderConfigs, renderErrors, renderWarnings, writeConfigs } from './render-configs.ts';

let workspaceRoot: string;
let environment: Environment;

beforeEach(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'render-test-'));
  environment = {
    name: 'a',
    directory: join(workspaceRoot, 'environments/a'),
    workspaceRoot,
    configVersion: '20261123',
    namespaces: { prow: 'p', jobs: 'j' },
    protection: 'none',
    secrets: { source: 'generated' },
    cluster: { provider: 'embedded', nodes: [] },
  };
  await write(
    'kustom-base/configs/20261123/config/config.yaml',
    '# the base\nnamespace: base\nbuckets: [base]\n',
  );
  await write('kustom-base/configs/20261123/cat-api/api-key', '');
  await write('environments/a/environment.yaml', '');
});
afterEach(() => rm(workspaceRoot, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(workspaceRoot, path)), { recursive: true });
  await writeFile(join(workspaceRoot, path), text);
}

const script = (text: string): Promise<void> =>
  write('environments/a/yq_scripts/config/config.yaml', text);
const render = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await renderConfigs(environment)).map(({ path, text }) => [path, text]));

describe('renderConfigs', () => {
  test('takes every file of the base as it is where there is no script', async () => {
    expect(await render()).toEqual({
      'cat-api/api-key': '',
      'config/config.yaml': '# the base\nnamespace: base\nbuckets: [base]\n',
    });
  });

  test('applies the script of the same path', async () => {
    await script('- command: update\n  path: namespace\n  value: mine\n');
    const [, config] = await renderConfigs(environment);
    expect(config?.text).toContain('namespace: mine');
    expect(config?.script).toBe('environments/a/yq_scripts/config/config.yaml');
    expect(config?.trace).toHaveLength(1);
  });

  test('tells which commands match nothing, and which change nothing', async () => {
    await script(
      '- command: delete\n  path: gone\n- command: update\n  path: namespace\n  value: base\n- command: update\n  path: gone.(a==b).c\n  value: d\n',
    );
    const configs = await renderConfigs(environment);
    const file = 'environments/a/yq_scripts/config/config.yaml';
    expect(renderErrors(configs)).toEqual([
      `${file}:1: command 1 (delete gone) matches nothing. Correct its path, or remove it.`,
      `${file}:6: command 3 (update gone.(a==b).c) matches nothing, and yet gone was created. Correct its path, or remove it.`,
    ]);
    expect(renderWarnings(configs)).toEqual([
      `${file}:3: command 2 (update namespace) changes nothing: the base says the same.`,
    ]);
  });

  test.each([
    [
      'a misspelt key',
      '- command: update\n  path: namespace\n  vlaue: x\n',
      ':3: unknown key vlaue',
    ],
    ['an update without a value', '- command: update\n  path: namespace\n', ':1: has no value'],
  ])('refuses %s, which yq takes for null', async (_name, text, message) => {
    await script(text);
    await expect(renderConfigs(environment)).rejects.toThrow(message);
  });

  test.each([
    [
      'an unknown version',
      () => rm(join(workspaceRoot, 'kustom-base/configs'), { recursive: true }),
      'unknown-config-version',
      'configVersion "20261123", which kustom-base/configs does not hold. Versions there: none',
    ],
    [
      'a script without its file in the base',
      () => write('environments/a/yq_scripts/plugins/plugins.yaml', '[]'),
      'missing-base-config',
      'environments/a/yq_scripts/plugins/plugins.yaml has no file of the same path in kustom-base/configs/20261123',
    ],
    [
      'a file of the base that is no YAML',
      () => write('kustom-base/configs/20261123/config/config.yaml', 'a: 1\nb: [\n'),
      'invalid-config',
      'kustom-base/configs/20261123/config/config.yaml:',
    ],
  ])('refuses %s', async (_name, spoil, code, message) => {
    await spoil();
    const error: unknown = await renderConfigs(environment).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(message);
  });

  test('a syntax error in a script names the script and its line', async () => {
    await script('- command: update\n  path: [\n');
    await expect(renderConfigs(environment)).rejects.toThrow(
      /environments\/a\/yq_scripts\/config\/config\.yaml:\d/,
    );
  });
});

describe('the job configuration', () => {
  const plugins = (maps: string): Promise<void> =>
    write('kustom-base/configs/20261123/plugins/plugins.yaml', `config_updater: { maps: ${maps} }`);
  const JOBS = '{ configs/jobs/**/*.yaml: { name: job-config } }';
  const job = (path: string, text = 'periodics: []\n'): Promise<void> =>
    write(`kustom-base/configs/20261123/jobs/${path}`, text);

  test('becomes ConfigMaps, a key for each file, as plugins.yaml says', async () => {
    await plugins(JOBS);
    await job('b.yaml');
    await job('kubevirt/a.yaml', 'presubmits: {}\n');
    expect((await render())['job-config.yaml']).toBe(
      `# The job configuration, one key for each file of configs/jobs: generated by render-configs.
apiVersion: v1
kind: ConfigMap
metadata:
  name: "job-config"
data:
  "a.yaml": |
    presubmits: {}
  "b.yaml": |
    periodics: []
`,
    );
  });

  test('follows the scripts of the environment, and leaves its prefix and suffix to kustomize', async () => {
    await plugins(JOBS);
    await job('a.yaml', 'periodics: [{name: a}]\n');
    await write(
      'environments/a/yq_scripts/plugins/plugins.yaml',
      '- command: update\n  path: config_updater.maps.*.name\n  value: staging-jobs-a\n',
    );
    await write(
      'environments/a/yq_scripts/jobs/a.yaml',
      '- command: update\n  path: periodics[0].name\n  value: b\n',
    );
    await write('environments/a/kustomization.yaml', 'namePrefix: staging-\nnameSuffix: -a\n');
    const { 'job-config.yaml': text = '' } = await render();
    expect(text).toContain('name: "jobs"');
    expect(text).toContain('    periodics: [{name: b}]\n');
  });

  test.each([
    ['there are no jobs', () => plugins(JOBS)],
    ['no entry is for jobs', () => Promise.all([plugins('{ a: { name: a } }'), job('a.yaml')])],
    ['there is no plugins.yaml', () => job('a.yaml')],
  ])('is not there where %s', async (_title, prepare) => {
    await prepare();
    expect(await render()).not.toHaveProperty('job-config.yaml');
  });

  test('that does not fit is refused, with the file that is to blame', async () => {
    await plugins(JOBS);
    await job('a/same.yaml');
    await job('b/same.yaml');
    await expect(renderConfigs(environment)).rejects.toMatchObject({
      code: 'invalid-job-config',
      message: expect.stringMatching(
        /^Cannot render kustom-base\/configs\/20261123\/jobs\/b\/same\.yaml: It and configs\/jobs\/a\/same\.yaml/,
      ) as string,
    });
  });

  test('that nearly does not fit is a warning', async () => {
    await plugins(JOBS);
    await job('a.yaml', `# ${'x'.repeat(900_000)}\n`);
    expect(renderWarnings(await renderConfigs(environment))).toEqual([
      expect.stringMatching(
        /^kustom-base\/configs\/20261123\/jobs\/a\.yaml: ConfigMap job-config holds 900003 of /,
      ),
    ]);
  });
});

describe('writeConfigs', () => {
  test('replaces all that was there', async () => {
    await write('environments/a/configs/stale/file', 'x');
    await writeConfigs(environment, await renderConfigs(environment));
    expect((await readdir(join(environment.directory, 'configs'))).sort()).toEqual([
      'cat-api',
      'config',
    ]);
    expect(await readFile(join(environment.directory, 'configs/cat-api/api-key'), 'utf8')).toBe('');
    expect((await readdir(environment.directory)).sort()).toEqual(['configs', 'environment.yaml']);
  });

  test('leaves what was there when a file cannot be written', async () => {
    await write('environments/a/configs/config/config.yaml', 'before');
    const bad = [
      { path: 'x', text: '', trace: [] },
      { path: 'x/y', text: '', trace: [] },
    ];
    await expect(writeConfigs(environment, bad)).rejects.toThrow();
    expect(await readFile(join(environment.directory, 'configs/config/config.yaml'), 'utf8')).toBe(
      'before',
    );
    expect((await readdir(environment.directory)).sort()).toEqual(['configs', 'environment.yaml']);
  });
});
