import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RehearsalReport } from '@prow-deploy/vendor';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const FOLDER = 'config/prow/cluster';
const COPIES = 'vendor/test-infra';
const TESTING = 'environments/kubevirtci-testing';

let workspace: ClonedWorkspace;
let upstream: string;
/** The copy that every environment uses at first. */
let first: string;
/** Commits of upstream: the same files, a newer deck, a volume under another name, one thing more. */
const commits: string[] = [];
beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
  workspace.env['KUBECONFIG'] = join(workspace.root, 'no-kubeconfig');
  await ensureTool('kustomize');
  upstream = await realpath(await mkdtemp(join(tmpdir(), 'upstream-')));
  [first = ''] = (await readdir(path(COPIES))).filter((name) => /^[0-9a-f]{40}$/.test(name));
  await git('init', '--quiet', '--initial-branch=master');
  await mkdir(join(upstream, FOLDER), { recursive: true });
  await cp(path(COPIES, first, 'manifests'), join(upstream, FOLDER), { recursive: true });
  await chmod(join(upstream, FOLDER, 'hook_service.yaml'), 0o755);
  commits.push(await commit('as they were'));
  await edit('deck_deployment.yaml', (text) => text.replace('--spyglass=true', '--spyglass=false'));
  commits.push(await commit('deck'));
  await edit('ghproxy.yaml', (text) => text.replace('name: ghproxy\n', 'name: ghproxy-cache\n'));
  commits.push(await commit('ghproxy'));
  await edit('tide_service.yaml', (text) => `# tide\n${text}`);
  commits.push(await commit('tide'));
  await writeFile(path(COPIES, 'upstream.yaml'), `repository: ${upstream}\npath: ${FOLDER}\n`);
  await workspace.commit('another upstream');
}, 120_000);
afterAll(async () => {
  await workspace.remove();
  await rm(upstream, { recursive: true, force: true });
});

const path = (...names: string[]): string => join(workspace.root, ...names);
const git = async (...args: string[]): Promise<string> =>
  (await execa('git', args, { cwd: upstream })).stdout;

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(join(upstream, FOLDER, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(join(upstream, FOLDER, file), after);
}

async function commit(message: string): Promise<string> {
  await git('add', '--all');
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  await git(...author, 'commit', '--quiet', '-m', message);
  return git('rev-parse', 'HEAD');
}

async function run(...args: string[]): Promise<string> {
  const { all, exitCode } = await workspace.nx('run', ...args);
  expect(exitCode, all).toBe(0);
  return all;
}

/** Runs a target that has to fail, with a message that is no stack. */
async function failing(...args: string[]): Promise<string> {
  const { all, exitCode } = await workspace.nx('run', ...args);
  expect(exitCode, all).toBeGreaterThan(0);
  expect(all).not.toMatch(/\n\s+at /);
  return all;
}

const hits = (output: string): string => /Cache:\s+(\S+ hit)/.exec(output)?.[1] ?? 'none';
const status = (): Promise<string> => workspace.git('status', '--short', '--untracked-files=all');
async function reportOf(project: string): Promise<RehearsalReport> {
  return JSON.parse(
    await readFile(path('dist', project, 'rehearsal.json'), 'utf8'),
  ) as RehearsalReport;
}

describe('check', { timeout: 120_000 }, () => {
  test('proves the copies, and is a hit as long as nothing changes', async () => {
    expect(await run('test-infra:check')).toContain(`${COPIES}/${first} is exact`);
    expect(hits(await run('test-infra:check'))).toBe('1/1 hit');
  });

  test.each([
    ['a byte', (file: string) => appendFile(file, '\n'), 'was changed'],
    ['a mode, which Nx does not see', (file: string) => chmod(file, 0o755), 'is executable now'],
    ['a file', (file: string) => rm(file), 'was removed'],
  ])('%s: no environment is built on it', async (_name, change, what) => {
    const file = path(COPIES, first, 'manifests/deck_service.yaml');
    const before = await readFile(file);
    await run('kubevirtci-testing:kustomize-build');
    try {
      await change(file);
      for (const target of ['test-infra:check', 'kubevirtci-testing:kustomize-build']) {
        expect(await failing(target)).toContain(`deck_service.yaml ${what}`);
      }
    } finally {
      await writeFile(file, before);
      await chmod(file, 0o644);
    }
    expect(hits(await run('kubevirtci-testing:kustomize-build'))).toBe('3/3 hit');
  });

  test('a file that git ignores', async () => {
    const file = path(COPIES, first, 'manifests/more.yaml');
    await writeFile(path('.git/info/exclude'), 'more.yaml\n');
    await writeFile(file, '');
    expect(await failing('test-infra:check')).toContain('more.yaml was added');
    await rm(file);
  });
});

describe('from a commit of upstream to every environment', { timeout: 240_000 }, () => {
  test('sync copies it; a second time it writes nothing', async () => {
    const [same = ''] = commits;
    expect(await run('test-infra:sync', `--rev=${same}`)).toContain(`${COPIES}/${same}`);
    const changed = await status();
    expect(await run('test-infra:sync', `--rev=${same}`)).toContain('is there already');
    expect(await status()).toBe(changed);
    await run('test-infra:check');
    await workspace.commit('a copy');
  });

  test('sync of what is not there is one clear error, and leaves nothing', async () => {
    const none = '0'.repeat(40);
    expect(await failing('test-infra:sync', `--rev=${none}`)).toContain(none);
    expect(await failing('test-infra:sync', '--rev=master', '--path=nowhere')).toContain('nowhere');
    expect(await failing('test-infra:sync', '--rev=master', '--repo=./nowhere')).toContain(
      'nowhere',
    );
    expect(await status()).toBe('');
  });

  test('rehearse tells what breaks, as text, JSON and Markdown, and writes nothing else', async () => {
    const [same, fits, breaks] = commits;
    expect(await run('test-infra:rehearse', `--rev=${same}`)).toContain('Nothing breaks in');
    const output = await run('test-infra:rehearse', `--rev=${fits}`, '--markdown');
    expect(output).toContain('## Rehearsal of test-infra');
    expect(output).toContain('spyglass=false');
    expect(await failing('test-infra:rehearse', `--rev=${breaks}`)).toContain('Breaks ');
    const report = await reportOf('test-infra');
    expect(report.outcome).toBe('broken');
    expect(report.environments).toHaveLength(3);
    await failing('test-infra:rehearse', '--rev=master', '--environment=kubevirtci-testing');
    const { environments } = await reportOf('test-infra');
    expect(environments.map(({ environment }) => environment)).toEqual(['kubevirtci-testing']);
    expect(await readFile(path('dist/test-infra/rehearsal.md'), 'utf8')).toContain('**breaks**');
    expect(await status()).toBe('');
  });

  test('promote to a commit changes one line, and affects that environment alone', async () => {
    const [same = ''] = commits;
    await run('kubevirtci-testing:promote', `--rev=${same}`);
    expect(await workspace.git('diff', '--numstat')).toBe(`1\t1\t${TESTING}/kustomization.yaml`);
    expect((await reportOf('kubevirtci-testing')).outcome).toBe('fits');
    await workspace.commit('testing moves');
    const { stdout } = await workspace.nx(
      ...['show', 'projects', '--affected', '--base=HEAD~1', '--withTarget=kustomize-build'],
    );
    expect(stdout.trim()).toBe('kubevirtci-testing');
    await run('kubevirtci-testing:audit');
  });

  test('promote from another environment: what that has, in commit and base configuration', async () => {
    const [same = ''] = commits;
    const configs = path('kustom-base/configs');
    const [version = ''] = await readdir(configs);
    await cp(join(configs, version), join(configs, '20990101'), { recursive: true });
    await run('kubevirtci-testing:promote', '--configVersion=20990101');
    await workspace.commit('testing: another base configuration');
    const output = await run('ibmcloud-staging:promote', '--from=kubevirtci-testing');
    expect(output).toContain(`commit: ${first} → ${same}`);
    expect(output).toContain(`configVersion: ${version} → 20990101`);
    expect(await workspace.git('diff', '--numstat')).toBe(
      ['environment', 'kustomization']
        .map((file) => `1\t1\tenvironments/ibmcloud-staging/${file}.yaml`)
        .join('\n'),
    );
    const again = await run('ibmcloud-staging:promote', '--from=kubevirtci-testing');
    expect(again).toContain('nothing to write');
    await workspace.commit('staging follows');
  });

  test('bisect finds the commit that breaks it', async () => {
    const output = await failing(
      ...['test-infra:rehearse', '--rev=master', '--bisect', '--environment=kubevirtci-testing'],
    );
    expect(output).toContain(`${commits[2]} `);
    expect(output).toMatch(/first of 3 commits/);
  });

  test('status is a table of all of them', async () => {
    const output = await run('environments:status');
    expect(output).toMatch(/ENVIRONMENT +VENDORED COMMIT +AGE +IMAGES +CONFIG +LAST APPLY +DRIFT/);
    const short = commits[0]?.slice(0, 12) ?? '';
    expect(output).toMatch(
      new RegExp(`kubevirtci-testing +${short} +\\d+[smh] +\\S+ +20990101 +no cluster`),
    );
    expect(output).toMatch(/ibmcloud-production +[0-9a-f]{12} +\S+ +\S+ +\d{8} +unknown/);
  });

  test('prune removes what no environment uses any more', async () => {
    await run('test-infra:sync', `--rev=${commits[1]}`);
    const output = await run('test-infra:prune');
    expect(output).toContain(`Removed ${COPIES}/${commits[1]}`);
    expect(output).toContain(`Kept ${COPIES}/${first}: used by ibmcloud-production`);
    expect(await status()).toBe('');
  });
});
