import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Environment,
  readEnvironment,
  renderConfigs,
  writeConfigs,
} from '@prow-deploy/environment';
import { ensureTool, printProgress } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkConfig } from './check-config.ts';
import { formatCheck } from './format-check.ts';

// Prow's own checkconfig judges real files: those of this repository, and those with one mistake each.
const OWN = ['ibmcloud-production', 'ibmcloud-staging', 'kubevirtci-testing'] as const;
const BASE = 'kustom-base/configs/20261123';
let root: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'check-config-test-')));
  await ensureTool('checkconfig', { onProgress: printProgress(process.stderr) });
}, 900_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** A workspace of its own, with the configuration of this repository, in which a file was edited. */
async function workspace(name: string, edits: readonly Edit[] = []): Promise<Environment> {
  const workspaceRoot = await mkdtemp(join(root, 'workspace-'));
  for (const folder of [`environments/${name}`, BASE])
    await cp(folder, join(workspaceRoot, folder), {
      recursive: true,
      filter: (path) => !/^environments\/[^/]+\/(secrets|configs)$/.test(path),
    });
  for (const { file, change } of edits) {
    const path = join(workspaceRoot, file);
    const before = await readFile(path, 'utf8');
    const after = change(before);
    expect(after, `the edit of ${file} changes something`).not.toBe(before);
    await writeFile(path, after);
  }
  const environment = await readEnvironment({ workspaceRoot, name });
  await writeConfigs(environment, await renderConfigs(environment));
  return environment;
}

interface Edit {
  /** Relative to the workspace root. */
  readonly file: string;
  readonly change: (text: string) => string;
}

test.each(OWN)('the configuration of %s passes', async (name) => {
  const report = await checkConfig(await workspace(name));
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ outcome: 'passed', environment: name, jobFiles: 3 });
  expect(formatCheck(report)).toEqual([
    `The configuration of ${name} passes Prow's checkconfig: config, plugins and 3 files of jobs.`,
  ]);
});

const CONFIG = `${BASE}/config/config.yaml`;
const PLUGINS = `${BASE}/plugins/plugins.yaml`;
const PERIODICS = `${BASE}/jobs/test_job_config.yaml`;
const PRESUBMITS = `${BASE}/jobs/kubevirt/project-infra/project-infra-presubmits.yaml`;
const CONFIG_SCRIPT = 'environments/kubevirtci-testing/yq_scripts/config/config.yaml';

const replace = (file: string, before: string, after: string): Edit => ({
  file,
  change: (text) => text.replace(before, () => after),
});
const append = (file: string, text: string): Edit => ({ file, change: (before) => before + text });
const job = (fields: string): Edit =>
  append(
    PERIODICS,
    `  - name: wrong-job
    cron: 0 6 1 1 *
    decorate: true
${fields.replaceAll(/^/gm, '    ')}
    spec:
      containers:
        - image: docker.io/library/busybox:1.36.1
          command: [/bin/true]
`,
  );

interface Wrong {
  readonly title: string;
  readonly edit: Edit;
  /** Part of what is said. */
  readonly says: string;
  /** The line that is to be shown, by a text that only it has; in the edited file unless `file` is another. */
  readonly line: string;
  readonly file?: string;
}

const WRONG: readonly Wrong[] = [
  {
    title: 'a field of config.yaml that Prow does not know',
    edit: replace(CONFIG, 'sinker:\n', 'sinker:\n  resync_perod: 1m\n'),
    says: 'unknown field "resync_perod"',
    line: 'resync_perod',
  },
  {
    title: 'a value of another type',
    edit: replace(CONFIG, '  sync_period: 2m\n', '  sync_period: 2m\n  max_goroutines: many\n'),
    says: 'cannot unmarshal string',
    line: 'max_goroutines: many',
  },
  {
    title: 'a time that is none',
    edit: replace(CONFIG, '  sync_period: 2m', '  sync_period: 2 minutes'),
    says: '2 minutes',
    line: 'sync_period: 2 minutes',
  },
  {
    title: 'a merge method that there is not',
    edit: replace(CONFIG, 'kubevirt/kubevirt-csi: squash', 'kubevirt/kubevirt-csi: fast-forward'),
    says: 'merge type "fast-forward"',
    line: 'kubevirt/kubevirt-csi: fast-forward',
  },
  {
    title: 'two fields that exclude each other',
    edit: replace(
      CONFIG,
      '  pr_status_base_urls:',
      '  pr_status_base_url: https://x\n  pr_status_base_urls:',
    ),
    says: 'both pr_status_base_url and pr_status_base_urls are defined',
    line: 'pr_status_base_url: https://x',
  },
  {
    title: 'a type of jobs that there is not',
    edit: append(CONFIG, 'github_reporter:\n  job_types_to_report:\n    - nightly\n'),
    says: 'nightly',
    line: '- nightly',
  },
  {
    title: 'a preset for a label that another has',
    edit: replace(
      CONFIG,
      '      preset-docker-mirror: "true"',
      '      preset-dind-enabled: "true" # twice',
    ),
    says: 'duplicated preset',
    line: 'preset-dind-enabled: "true" # twice',
  },
  {
    title: 'a repository that merges by a label which no plugin gives there',
    edit: replace(
      CONFIG,
      '        - kubevirt/demo\n',
      '        - kubevirt/demo\n        - nobody/nothing\n',
    ),
    says: 'do not enable the lgtm plugin',
    line: '- nobody/nothing',
  },
  {
    title: 'a regular expression that does not compile',
    edit: replace(CONFIG, String.raw`artifacts/junit.*\.xml`, String.raw`artifacts/(junit.*\.xml`),
    says: 'artifacts/(junit',
    line: String.raw`artifacts/(junit.*\.xml`,
  },
  {
    title: 'a bucket without a name that can be read',
    edit: replace(CONFIG, 'path_strategy: explicit', 'path_strategy: clever'),
    says: 'gcs_path_strategy',
    line: 'path_strategy: clever',
  },
  {
    title: 'a value that a script writes',
    edit: append(
      CONFIG_SCRIPT,
      '- command: update\n  path: sinker.resync_period\n  value: often # by a script\n',
    ),
    says: 'often',
    line: 'often # by a script',
  },
  {
    title: 'a template that a script writes',
    edit: replace(CONFIG_SCRIPT, '/{{ .Spec.Job }}/', '/{{ .Spec.Job /'),
    says: 'template: JobURL',
    line: 'value: >-',
  },
  {
    title: 'a value within what a script writes',
    edit: append(
      CONFIG_SCRIPT,
      '- command: update\n  path: tide.context_options.orgs.kubevirt\n  value:\n    repos:\n      dashboard:\n        skip_unknown: true\n',
    ),
    says: 'unknown field "skip_unknown"',
    line: 'skip_unknown',
  },
  {
    title: 'something that a script took away',
    edit: replace(
      CONFIG_SCRIPT,
      '- command: update\n  path: tide.pr_status_base_urls.*\n',
      '- command: delete\n  path: tide.pr_status_base_urls.*\n- command: update\n  path: tide.pr_status_base_urls.kubevirt\n',
    ),
    says: "the default value ('*') is missing",
    line: '- command: delete',
  },
  {
    title: 'a plugin that there is not',
    edit: replace(PLUGINS, '      - wip\n', '      - wippp\n'),
    says: 'unknown plugin: wippp',
    line: '- wippp',
  },
  {
    title: 'a field of plugins.yaml that Prow does not know',
    edit: append(PLUGINS, 'sizes: {}\n'),
    says: 'unknown field "sizes"',
    line: 'sizes: {}',
  },
  {
    title: 'a plugin for an organisation and again for its repository',
    edit: replace(
      PLUGINS,
      '\nplugins:\n',
      '\nplugins:\n  kubevirt/again:\n    plugins:\n      - cat\n',
    ),
    says: 'plugins [cat] are duplicated for kubevirt/again and kubevirt',
    line: 'kubevirt/again:\n    plugins:\n      - cat',
  },
  {
    title: 'a second writer of the ConfigMaps',
    edit: replace(PLUGINS, '      - wip\n', '      - wip\n      - config-updater\n'),
    says: 'set them back. Remove the plugin.',
    line: '- config-updater',
  },
  {
    title: 'a job with two schedules',
    edit: job('interval: 1h'),
    says: 'mutually exclusive in periodic wrong-job',
    line: 'cron: 0 6 1 1 *',
  },
  {
    title: 'a schedule that is none',
    edit: replace(PERIODICS, 'interval: 8760h', 'cron: 0 25 1 1 *'),
    says: 'invalid cron string 0 25 1 1 * in periodic test-job',
    line: 'cron: 0 25 1 1 *',
  },
  {
    title: 'a job without a schedule',
    edit: replace(PERIODICS, '    interval: 8760h\n', ''),
    says: 'at least one of cron, interval, or minimum_interval must be set in periodic test-job',
    line: '- name: test-job',
  },
  {
    title: 'a job that is not decorated',
    edit: replace(PERIODICS, 'decorate: true', 'decorate: false'),
    says: 'do not use the pod utilities',
    line: '- name: test-job',
  },
  {
    title: 'a field of a job that Prow does not know',
    edit: job('max_concurency: 1'),
    says: 'unknown field "max_concurency"',
    line: 'max_concurency',
  },
  {
    title: 'a field of a pod that Kubernetes does not know',
    edit: replace(PERIODICS, '          resources:', '          resurces:'),
    says: 'unknown field "resurces"',
    line: 'resurces',
  },
  {
    title: 'a name that is too long for a label',
    edit: replace(PERIODICS, 'name: test-job', `name: ${'a'.repeat(64)}`),
    says: 'too long',
    line: 'a'.repeat(64),
  },
  {
    title: 'two jobs of one name',
    edit: {
      file: PERIODICS,
      change: (text) => job('').change(text).replace('name: wrong-job', 'name: test-job # again'),
    },
    says: 'duplicated periodic job: test-job',
    line: '- name: test-job # again',
  },
  {
    title: 'a job that always runs, and only for some files',
    edit: replace(
      PRESUBMITS,
      '      optional: true',
      '      optional: true\n      always_run: true',
    ),
    says: 'set to always run but also declares run_if_changed',
    line: 'always_run: true',
  },
  {
    title: 'a pod with init containers',
    edit: replace(
      PERIODICS,
      '      containers:',
      '      initContainers:\n        - image: a\n      containers:',
    ),
    says: 'pod spec may not use init containers',
    line: 'initContainers',
  },
  {
    title: 'a mount without a volume',
    edit: replace(
      PERIODICS,
      '          command:',
      '          volumeMounts:\n            - name: nowhere\n              mountPath: /x\n          command:',
    ),
    says: 'volumeMount named "nowhere" is undefined',
    line: 'name: nowhere',
  },
  {
    title: 'a variable that Prow sets itself',
    edit: replace(
      PERIODICS,
      '          command:',
      '          env:\n            - name: JOB_NAME\n              value: x\n          command:',
    ),
    says: 'env JOB_NAME is reserved',
    line: 'name: JOB_NAME',
  },
  {
    title: 'a job on branches that no expression names',
    edit: replace(
      PRESUBMITS,
      '      optional: true',
      '      optional: true\n      branches:\n        - release-(\n',
    ),
    says: 'pull-project-infra-shellcheck',
    line: '- release-(',
  },
  {
    title: 'a job of a repository that no plugin starts it for',
    edit: replace(PRESUBMITS, '  kubevirt/project-infra:', '  nobody/nothing:'),
    says: 'do not have the trigger plugin enabled',
    line: 'nobody/nothing:',
  },
  {
    title: 'a container that does nothing',
    edit: {
      file: PERIODICS,
      change: (text) =>
        job('')
          .change(text)
          .replace(/ +command: .*\n$/, ''),
    },
    says: 'decorated job containers must specify command and/or args',
    line: 'spec:\n      containers:',
  },
  {
    title: 'a query of tide that is for nothing',
    edit: replace(CONFIG, '  queries:\n', '  queries:\n    - labels: [lgtm] # of nothing\n'),
    says: 'tide query (index 0) is invalid',
    line: '# of nothing',
  },
  {
    title: 'a channel of Slack that is empty',
    edit: replace(CONFIG, 'channel: eko', 'channel: ""'),
    says: 'channel must be set',
    line: 'channel: ""',
  },
  {
    title: 'a repository that asks for a label, and lacks the plugin',
    edit: replace(PLUGINS, '      - lgtm\n', ''),
    says: 'do not enable the lgtm plugin: [repo: k8snetworkplumbingwg/kubemacpool]',
    line: '\nplugins:\n  k8snetworkplumbingwg/kubemacpool:',
  },
  {
    title: 'settings of a plugin that contradict each other',
    edit: append(PLUGINS, 'size:\n  s: 50\n  m: 10\n'),
    says: 'one of the smaller sizes is bigger',
    line: '\nsize:',
  },
  {
    title: 'an entry of a list that lacks a field',
    edit: append(
      PLUGINS,
      'require_matching_label:\n  - missing_label: needs-kind\n    org: kubevirt\n',
    ),
    says: "must specify 'regexp'",
    line: 'missing_label: needs-kind',
  },
  {
    title: 'a value of a job of another type',
    edit: replace(PERIODICS, 'decorate: true', 'decorate: yes please'),
    says: 'cannot unmarshal string',
    line: 'decorate: yes please',
  },
  {
    title: 'a time of a job that is none',
    edit: replace(PRESUBMITS, 'timeout: 15m', 'timeout: 15 minutes'),
    says: 'unknown unit',
    line: 'timeout: 15 minutes',
  },
  {
    title: 'a label that Kubernetes does not take',
    edit: job('labels:\n  "bad label": x'),
    says: 'invalid label bad label',
    line: '"bad label": x',
  },
];

describe('what Prow refuses is shown where it is written', () => {
  test.each(WRONG)('$title', async ({ edit, says, line, file = edit.file }) => {
    const environment = await workspace('kubevirtci-testing', [edit]);
    const report = await checkConfig(environment);
    const text = await readFile(join(environment.workspaceRoot, file), 'utf8');
    const before = text.split(line);
    expect(before, `only one line has ${line}`).toHaveLength(2);
    const expected = `${before[0] ?? ''}${line.trimEnd()}`.split('\n').length;
    expect(report.outcome).toBe('failed');
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        file,
        line: expected,
        message: expect.stringContaining(says) as string,
      }),
    );
    expect(report.findings.filter(({ file }) => file === undefined)).toEqual([]);
    expect(formatCheck(report)).toContain(`error  ${file}:${expected}`);
  });
});

test('a ConfigMap that Prow would write under another name than the one that is read is refused', async () => {
  const script = 'environments/ibmcloud-staging/yq_scripts/plugins/plugins.yaml';
  const environment = await workspace('ibmcloud-staging', [
    replace(script, 'value: staging-job-config', 'value: stagin-job-config'),
  ]);
  expect((await checkConfig(environment)).findings).toEqual([
    {
      code: 'config-map-name',
      severity: 'error',
      file: script,
      line: 10,
      message: expect.stringContaining('Change it to staging-stagin-job-config in') as string,
    },
  ]);
});

test('several mistakes are told at once, each at its place', async () => {
  const environment = await workspace('kubevirtci-testing', [
    job('interval: 1h'),
    replace(PRESUBMITS, '      optional: true', '      optional: true\n      always_run: true'),
  ]);
  const { findings } = await checkConfig(environment);
  expect(findings.map(({ file }) => file).sort()).toEqual([PRESUBMITS, PERIODICS].sort());
});

test('configs that were not rendered, or were changed since, are not checked', async () => {
  const environment = await workspace('kubevirtci-testing');
  await writeFile(join(environment.directory, 'configs/config/config.yaml'), 'tide: {}\n');
  await expect(checkConfig(environment)).rejects.toMatchObject({ code: 'not-rendered' });
  await rm(join(environment.directory, 'configs'), { recursive: true });
  await expect(checkConfig(environment)).rejects.toThrow(
    'nx run kubevirtci-testing:render-configs',
  );
});

test('a checkconfig that cannot be run is no configuration that passes', async () => {
  const environment = await workspace('kubevirtci-testing');
  const { outcome, findings } = await checkConfig(environment, { checkconfig: '/bin/false' });
  expect(outcome).toBe('failed');
  expect(findings).toMatchObject([{ severity: 'error', message: 'checkconfig said nothing.' }]);
});
