import {
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
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { seeded } from '@prow-deploy/testing';
import { ensureTool } from '@prow-deploy/toolchain';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Canaries, makeCanaries } from './testing/canaries.ts';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';
import { filesBelow, findBytes } from './testing/find-bytes.ts';

const NAME = 'kubevirtci-testing';
const FOLDER = `environments/${NAME}`;
const COPIES = 'vendor/test-infra';
const SCRIPT = `${FOLDER}/yq_scripts/config/config.yaml`;
const WRONG_PERIOD = '- command: update\n  path: sinker.resync_period\n  value: often\n';
/** Targets that have no failing run here, and why. */
const CANNOT_FAIL: Readonly<Record<string, string>> = {
  'cluster-down': 'where nothing runs, all is as was asked for',
  prune: 'it removes folders that git has, and meets no secret',
  status: 'what cannot be read is a cell of its table',
};
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const random = seeded(SEED);

// Two of each value: the secrets are rotated on the way, and the old ones are in the cluster until then.
const [first, second] = [makeCanaries(random), makeCanaries(random)];
const values = new Map(
  [first, second].flatMap((set, index) =>
    [...set.values].map(([name, value]): [string, string] => [`${name} (${index + 1})`, value]),
  ),
);

let workspace: ClonedWorkspace;
/** Stand in for the folder of temporary files, and for a person's. */
let temporary: string;
let home: string;
/** What was printed, by command. */
const outputs = new Map<string, string>();
/** Tasks that Nx ran, and those of them that failed. */
const tasks = { ran: new Set<string>(), failed: new Set<string>() };

beforeAll(async () => {
  workspace = await cloneWorkspace(process.cwd());
  temporary = await realpath(await mkdtemp(join(tmpdir(), 'canaries-')));
  home = await realpath(await mkdtemp(join(tmpdir(), 'home-')));
  Object.assign(workspace.env, {
    HOME: home,
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
    TMPDIR: temporary,
    NX_VERBOSE_LOGGING: 'true',
    NX_NATIVE_LOGGING: 'nx=debug',
    NX_PERF_LOGGING: 'true',
    NODE_DEBUG: 'http,http2,tls',
  });
  const text = await read(`${FOLDER}/environment.yaml`);
  await write(
    `${FOLDER}/environment.yaml`,
    text.replace(/^secrets:\n( .*\n)+/m, 'secrets: { source: folder, path: ~/canaries }\n'),
  );
  await fill(first);
}, 60_000);
afterAll(async () => {
  workspace.env['NX_DAEMON'] = 'true';
  await workspace.nx('run', `${NAME}:cluster-down`);
  await workspace.nx('daemon', '--stop');
  await workspace.remove();
  for (const folder of [temporary, home]) await rm(folder, { recursive: true, force: true });
}, 120_000);

// Absolute paths stay as they are.
const path = (file: string): string => resolve(workspace.root, file);
const source = (file: string): string => join(home, 'canaries', file);
const read = (file: string): Promise<string> => readFile(path(file), 'utf8');
async function write(file: string, text: string | Buffer): Promise<void> {
  await mkdir(dirname(path(file)), { recursive: true });
  await writeFile(path(file), text);
}
async function fill({ files }: Canaries): Promise<void> {
  for (const [file, text] of files) {
    await write(source(file), text);
    await chmod(source(file), 0o600);
  }
}

/** Runs Nx, keeps what it printed for the scan, and gives it. */
async function nx(expected: 0 | 1, ...args: string[]): Promise<string> {
  const { all: output, exitCode } = await workspace.nx(...args);
  const command = keep(args, output);
  expect(exitCode === 0 ? 0 : 1, `seed ${SEED}, ${command}:\n${hidden(output)}`).toBe(expected);
  return output;
}
function keep(args: readonly string[], output: string): string {
  const command = `${outputs.size + 1}: nx ${args.join(' ')}`;
  outputs.set(command, output);
  for (const [, task = ''] of output.matchAll(/^.*> nx run ([\w-]+:[\w-]+)/gm)) tasks.ran.add(task);
  const [, failed = ''] = /Failed tasks:\s*\n((?:\s*- .*\n?)+)/.exec(output) ?? [];
  for (const [task] of failed.matchAll(/[\w-]+:[\w-]+/g)) tasks.failed.add(task);
  return command;
}
const all = (...targets: string[]): string[] => ['run-many', '-p', NAME, '-t', ...targets];
const run = (target: string, ...args: string[]) => nx(0, 'run', `${NAME}:${target}`, ...args);
const fails = (target: string, ...args: string[]) => nx(1, 'run', `${NAME}:${target}`, ...args);

/** Runs a target that has to fail while a file is changed. */
async function failsWith(
  target: string,
  file: string,
  change: (text: string) => string,
  ...args: string[]
): Promise<string> {
  const before = await read(file);
  await write(file, change(before));
  try {
    return await fails(target, ...args);
  } finally {
    await write(file, before);
  }
}

/** Works with another value of an environment variable, and puts the old one back. */
async function withVariable(
  name: string,
  value: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = workspace.env[name] ?? '';
  workspace.env[name] = value;
  try {
    await work();
  } finally {
    workspace.env[name] = before;
  }
}

async function kubectl(args: string[], input = ''): Promise<string> {
  const kubeconfig = path(`.cluster/${NAME}/kubeconfig`);
  const tool = await ensureTool('kubectl');
  const { stdout } = await execa(tool, ['--kubeconfig', kubeconfig, ...args], { input });
  return stdout;
}

/** Works with the same cluster as with one that a kubeconfig leads to: such a one can be pinned, and debugged in. */
async function asOtherCluster(work: () => Promise<void>): Promise<void> {
  const file = `${FOLDER}/environment.yaml`;
  const before = await read(file);
  const context = await kubectl(['config', 'current-context']);
  workspace.env['KUBECONFIG'] = path(`.cluster/${NAME}/kubeconfig`);
  const kept = before.replace(/^(?:cluster|configurations):\n(?: .*\n)+/gm, '');
  await write(file, `${kept}cluster: { provider: kubeconfig, context: ${context} }\n`);
  try {
    await work();
  } finally {
    await write(file, before);
  }
}

/** Runs deck beside the running one, until Ctrl-C. */
async function debugged(): Promise<void> {
  const args = ['run', `${NAME}:debug`, '--component=deck'];
  const command = execa(process.execPath, [path('node_modules/nx/dist/bin/nx.js'), ...args], {
    cwd: workspace.root,
    env: workspace.env,
    detached: true,
    reject: false,
    stdin: 'ignore',
    all: true,
  });
  let output = '';
  command.all.on('data', (chunk: Buffer) => {
    const before = output;
    output += chunk.toString('utf8');
    if (!before.includes('Ctrl-C ends it') && output.includes('Ctrl-C ends it'))
      process.kill(-(command.pid ?? 0), 'SIGINT');
  });
  await command;
  keep(args, output);
  expect(hidden(output)).toContain('Nothing else was touched.');
}

const copies = async (): Promise<string[]> =>
  (await readdir(path(COPIES))).filter((name) => /^[0-9a-f]{40}$/.test(name));

/** A repository like upstream's, one commit later than what is deployed. */
async function makeUpstream(): Promise<string> {
  const upstream = join(temporary, 'upstream');
  const folder = join(upstream, 'config/prow/cluster');
  const [copy = ''] = await copies();
  await cp(path(`${COPIES}/${copy}/manifests`), folder, { recursive: true });
  await writeFile(join(folder, 'later.yaml'), '# later\n');
  const git = (...args: string[]) => execa('git', args, { cwd: upstream });
  await git('init', '--quiet', '--initial-branch=master');
  await git('add', '--all');
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  await git(...author, 'commit', '--quiet', '-m', 'later');
  return upstream;
}

// A failing test must not be a leak itself, though canaries are no secrets.
function hidden(text: string): string {
  let shown = text;
  for (const [name, value] of values) shown = shown.replaceAll(value, `<<LEAKED ${name}>>`);
  // Without what debugging prints.
  const lines = shown
    .split('\n')
    .filter((line) => !/^(?:[A-Z]+ nx::|[A-Z0-9]+ \d+: |Time taken)/.test(line));
  return lines.join('\n').slice(-8000);
}

/** Where a canary is found, outside of the secrets' place and the cluster; and where it was looked for. */
async function findCanaries(): Promise<{ found: string[]; places: string[] }> {
  const found: string[] = [];
  const places: string[] = [];
  const look = (place: string, bytes: Buffer): void => {
    places.push(place);
    for (const name of findBytes(bytes, values)) found.push(`${place}: ${name}`);
  };
  const allowed = [`${FOLDER}/secrets`, source(''), '.cluster', 'node_modules'].map(path);
  const isAllowed = (file: string): boolean =>
    allowed.some((folder) => file === folder || file.startsWith(folder + sep));
  for (const folder of [workspace.root, temporary, home]) {
    for await (const { path: file, bytes } of filesBelow(folder, isAllowed)) look(file, bytes);
  }
  const { stdout } = await execa(
    'git',
    ['cat-file', '--batch', '--batch-all-objects', '--unordered'],
    { cwd: workspace.root, encoding: 'buffer' },
  );
  look('git objects', Buffer.from(stdout));
  for (const [command, output] of outputs) look(command, Buffer.from(output));
  return { found, places };
}

// An API server that tells what it was sent.
const TELLTALE = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: telltale }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets] }
  matchConditions:
    - { name: ours, expression: object.metadata.name == 'hmac-token' || object.metadata.name == 'oauth-token' }
  validations:
    - expression: 'false'
      messageExpression: >-
        'refused ' + object.data.map(key, key + '=' + string(object.data[key]) + '!').join(', ')
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: telltale }
spec: { policyName: telltale, validationActions: [Deny] }
`;

describe(`no canary leaves its place (seed ${SEED})`, { timeout: 300_000 }, () => {
  test('when steps fail before there is a cluster', async () => {
    // With values that are wrong, and with all that may be wrong beside them.
    const spoiled = (text: string): string => `${text} <<FILL: x>>`;
    await failsWith('copy-secrets', source('hmac-token/hmac'), spoiled);
    await failsWith('secrets', source('hmac-token/hmac'), spoiled);
    await failsWith('copy-secrets', source('kubevirtci-quay-credential/env'), (text) =>
      text.replace(/password=.*/, 'password='),
    );
    await failsWith('render-configs', SCRIPT, (text) => `${text}- command: [\n`);
    await failsWith('check-config', SCRIPT, (text) => text + WRONG_PERIOD);
    await run('copy-secrets');
    await failsWith('kustomize-build', `${FOLDER}/kustomization.yaml`, (text) =>
      text.replace('../../kustom-base', '../../kustom-bass'),
    );
    await failsWith('audit', `${FOLDER}/kustomization.yaml`, (text) =>
      text.replace(
        /^patches:\n/m,
        `patches:\n  - target: { kind: Deplyment }\n    patch: '[{"op": "remove", "path": "/spec/replicas"}]'\n`,
      ),
    );
    await nx(
      1,
      ...all('diff', 'history', 'cleanup'),
      '--exclude-task-dependencies',
      '--nxBail=false',
    );
    // Where no tool can be had.
    await withVariable('XDG_CACHE_HOME', path('package.json'), () =>
      nx(
        1,
        ...all('cluster-up', 'cluster-reset', 'e2e'),
        '--exclude-task-dependencies',
        '--nxBail=false',
      ),
    );
  });

  test('when all is applied, rotated, and refused by the API server', async () => {
    await run('cluster-up');
    await run('diff');
    await run('verify');
    expect(await run('verify')).toMatch(/Cache:\s+(\d+)\/\1 hit/);

    // Rotated: the plan knows old and new values, and the API server tells what it is sent.
    workspace.env['NX_DAEMON'] = 'true';
    await fill(second);
    await run('diff', '--json');
    await kubectl(['apply', '--filename', '-'], TELLTALE);
    const refused = await untilRefused();
    expect(refused).toContain('refused hmac=(masked)!');
    await kubectl(['delete', '--filename', '-'], TELLTALE);
    await failsWith(
      'apply',
      `${FOLDER}/secrets/hmac-token/hmac`,
      () => `${second.values.get('hmac')} <<FILL`,
      '--exclude-task-dependencies',
    );
    await kubectl(['delete', 'secret', 'oauth-token', '--namespace', 'kubernetes-prow']);
    await fails('verify', '--exclude-task-dependencies');
    await run('apply');
  });

  test('when whoever asks is told of it', async () => {
    await nx(0, ...all('secrets', 'history', 'find-leaks'));
    await nx(0, 'run', 'environments:status');
    await fails('debug', '--component=deck');
    await asOtherCluster(async () => {
      await withVariable('KUBECONFIG', path('absent'), () => fails('pin-cluster'));
      await run('pin-cluster');
      await debugged();
    });
  });

  test('when manifests move', async () => {
    const upstream = await makeUpstream();
    const none = '0'.repeat(40);
    for (const target of ['rehearse', 'sync']) {
      await nx(1, 'run', `test-infra:${target}`, `--rev=${none}`, `--repo=${upstream}`);
      await nx(0, 'run', `test-infra:${target}`, '--rev=master', `--repo=${upstream}`);
    }
    await fails('promote', `--rev=${none}`);
    await run('promote', '--from=ibmcloud-staging');
    const [copy = ''] = await copies();
    await write(`${COPIES}/${copy}/manifests/more.yaml`, '');
    await nx(1, 'run', 'test-infra:check');
    await rm(path(`${COPIES}/${copy}/manifests/more.yaml`));
    await nx(0, 'run', 'test-infra:prune');
  });

  test('when all is taken away, and set up anew', async () => {
    await run('cleanup');
    await run('cluster-reset');
    await run('cluster-down');
    await run('e2e');
  });

  test('as a scan of all that is left behind shows', async () => {
    const { found, places } = await findCanaries();
    expect(found).toEqual([]);
    for (const kept of [
      /\/daemon\.log$/,
      /\.nx\/.*\.db$/,
      /\.nx\/cache\//,
      /apply-receipt\.json$/,
      /dist\/kubevirtci-testing\/artifacts\//,
      /e2e\.json$/,
      /dist\/test-infra\/rehearsal\.md$/,
    ]) {
      expect(
        places.some((place) => kept.test(place)),
        `${kept}`,
      ).toBe(true);
    }
  });

  test('and find-leaks agrees', async () => {
    expect(await run('find-leaks')).toMatch(/None of \d+ secrets is in \d+ files and git objects/);
  });

  test('where one is planted, it is found', async () => {
    const token = second.values.get('oauth') ?? '';
    await write('dist/planted.gz', gzipSync(Buffer.from(`x${token}`).toString('base64')));
    outputs.set('planted', `token ${first.values.get('slack')}`);
    expect((await findCanaries()).found).toEqual([
      `${path('dist/planted.gz')}: oauth (2)`,
      'planted: slack (1)',
    ]);
    expect(await fails('find-leaks')).toContain(
      `dist/planted.gz: holds a value of ${NAME}: oauth-token/oauth (base64, in gzip)`,
    );
  });

  test('and no target was left out', async () => {
    await workspace.nx('graph', '--file=dist/graph.json');
    const { graph } = JSON.parse(await read('dist/graph.json')) as {
      graph: { nodes: Record<string, { data: { targets: Record<string, { executor: string }> } }> };
    };
    // Of every environment and every upstream: what a target does for one, it does for the others. The targets of
    // libraries (test, lint, typecheck) know no secret.
    const targets = Object.values(graph.nodes).flatMap(({ data }) =>
      Object.entries(data.targets).flatMap(([name, { executor }]) =>
        executor.startsWith('./tools/executors:') ? [name] : [],
      ),
    );
    const without = (tasks: ReadonlySet<string>): string[] => {
      const names = new Set([...tasks].map((task) => task.split(':')[1]));
      return [...new Set(targets)].filter((target) => !names.has(target)).sort();
    };
    expect(targets).toContain('apply');
    expect(without(tasks.ran)).toEqual([]);
    expect(without(tasks.failed)).toEqual(Object.keys(CANNOT_FAIL).sort());
  });
});

/** Applies until the API server follows the new policy, which takes it a moment. */
async function untilRefused(): Promise<string> {
  const probe = `apiVersion: v1\nkind: Secret\nmetadata: { name: hmac-token, namespace: default }\ndata: { hmac: YQ== }\n`;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const { failed } = await kubectl(['create', '--dry-run=server', '--filename', '-'], probe).then(
      () => ({ failed: false }),
      () => ({ failed: true }),
    );
    if (failed) return fails('apply');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error('The API server does not follow the policy.');
}
