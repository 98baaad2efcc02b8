import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  clusterOptionsOf,
  type KubernetesObject,
  provideImages,
  readEnvironmentObjects,
  withCluster,
} from '@prow-deploy/apply';
import { type Cluster, kubectlProgram } from '@prow-deploy/cluster';
import { nodeMachine } from '@prow-deploy/cluster/node';
import { type Environment, readEnvironment } from '@prow-deploy/environment';
import { seeded } from '@prow-deploy/testing';
import { type E2eReport, verify, type VerifyReport } from '@prow-deploy/verify';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedFolder } from '../../../libs/cluster/src/embedded/embedded-folder.ts';
import {
  changesSince,
  machineState,
  type MachineState,
} from '../../../libs/cluster/src/testing/machine-state.ts';
import { type ClonedWorkspace, cloneWorkspace } from './testing/clone-workspace.ts';

const NAME = 'kubevirtci-testing';
const NODE = '--configuration=node';
/** What has to run: Prow's own components, and what their users need. */
const COMPONENTS = [
  'cherrypicker',
  'crier',
  'deck',
  'docker-mirror',
  'gcsweb',
  'ghproxy',
  'hook',
  'horologium',
  'needs-rebase',
  'prow-controller-manager',
  'sinker',
  'statusreconciler',
  'tide',
];
/** When the run is killed, of thirty seconds. */
const SEED = Number(process.env['PROW_DEPLOY_SEED'] ?? Date.now() % 1_000_000);
/** Where nothing was built yet, the first use of Prow's programs takes minutes. */
const BUILD_TIMEOUT_MS = 30 * 60_000;

const { problems } = await nodeMachine();
const skipped = problems.length > 0 ? ` (skipped: ${problems.join('; ')})` : '';

describe.skipIf(skipped !== '')(`an environment on a node${skipped}`, () => {
  let workspace: ClonedWorkspace;
  let before: MachineState;

  beforeAll(async () => {
    before = machineState();
    workspace = await cloneWorkspace(process.cwd());
    workspace.env['XDG_CACHE_HOME'] = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
    workspace.env['XDG_STATE_HOME'] = join(workspace.root, 'state');
  }, 60_000);

  afterAll(async () => {
    await workspace.nx('run', `${NAME}:cluster-down`, NODE);
    await workspace.remove();
  }, 60_000);

  const dist = (...path: string[]) => join(workspace.root, 'dist', NAME, ...path);
  const readReport = async () => JSON.parse(await readFile(dist('e2e.json'), 'utf8')) as E2eReport;

  test(
    'from nothing to a Prow that works, and to nothing again',
    { timeout: BUILD_TIMEOUT_MS },
    async () => {
      const { exitCode, all } = await workspace.nx('run', `${NAME}:e2e`, NODE);
      expect(exitCode, all).toBe(0);
      const report = await readReport();
      expect(report.outcome).toBe('passed');
      expect(report.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
        'cluster-up passed',
        'apply passed',
        'verify passed',
        'artifacts passed',
        'cleanup passed',
        'cluster-down passed',
      ]);

      const { passed, failed } = JSON.parse(
        await readFile(dist('verify.json'), 'utf8'),
      ) as VerifyReport;
      expect(failed).toEqual([]);
      const running = passed
        .filter(({ check }) => check === 'containers-run')
        .map(({ object }) => object);
      expect(running).toEqual(
        expect.arrayContaining(COMPONENTS.map((name) => `Deployment kubernetes-prow/${name}`)),
      );
      expect(passed.map(({ check }) => check)).toEqual(
        expect.arrayContaining([
          'deck-answers',
          'gcsweb-answers',
          'hook-accepts-webhook',
          'config-as-rendered',
          'job-runs',
        ]),
      );
      expect(await readFile(dist('verify.xml'), 'utf8')).toContain(
        '<testsuite name="deck-answers"',
      );

      const files = await readdir(report.artifacts, { recursive: true });
      expect(files).toEqual(
        expect.arrayContaining([
          'index.html',
          'events.txt',
          'nodes.txt',
          'pods/kubernetes-prow.txt',
          'outputs/prow-deploy.yaml',
          'outputs/apply-receipt.json',
          'objects/kubernetes-prow/secret_hmac-token.yaml',
          expect.stringMatching(/^logs\/kubernetes-prow\/deck-[^/]+\/deck\.log$/),
        ]),
      );
      await expectNoSecretsIn(report.artifacts);
      await expectMachineAsBefore();
    },
  );

  /** The kernel takes a moment to let go of what was killed. */
  async function expectMachineAsBefore(): Promise<void> {
    const folder = embeddedFolder({ environment: NAME, workspaceRoot: workspace.root });
    await expect.poll(() => changesSince(before, [folder]), { timeout: 5000 }).toEqual([]);
  }

  async function expectNoSecretsIn(directory: string): Promise<void> {
    const secrets = join(workspace.root, 'environments', NAME, 'secrets');
    const values = await Promise.all(
      ['hmac-token/hmac', 'cookie-b64encoded/secret'].map((file) =>
        readFile(join(secrets, file), 'utf8'),
      ),
    );
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      for (const value of values) {
        expect(value.length).toBeGreaterThan(20);
        expect(text, entry.name).not.toContain(value.trim());
        expect(text, entry.name).not.toContain(Buffer.from(value).toString('base64'));
      }
    }
  }

  test(
    `a run that is killed at a random time (seed ${SEED}) leaves its artifacts, and what cluster-down removes`,
    { timeout: 180_000 },
    async () => {
      await rm(dist('artifacts'), { recursive: true, force: true });
      const run = execa(
        process.execPath,
        [join(workspace.root, 'node_modules/nx/dist/bin/nx.js'), 'run', `${NAME}:e2e`, NODE],
        {
          cwd: workspace.root,
          env: workspace.env,
          detached: true,
          reject: false,
          stdin: 'ignore',
          all: true,
        },
      );
      while (!existsSync(dist('artifacts'))) await sleep(50);
      await sleep(seeded(SEED)() * 30_000);
      process.kill(-(run.pid ?? 0), 'SIGKILL');
      await run;
      const [folder = ''] = await readdir(dist('artifacts'));
      const page = await readFile(dist('artifacts', folder, 'index.html'), 'utf8');
      expect(page).toContain('<td>cluster-up</td>');
      expect((await readReport()).outcome).toBe('running');

      const { exitCode, all } = await workspace.nx('run', `${NAME}:cluster-down`, NODE);
      expect(exitCode, all).toBe(0);
      await expectMachineAsBefore();
    },
  );

  test(
    'each thing that can be wrong is found, and its reason names the cause',
    { timeout: 400_000 },
    async () => {
      const { exitCode, all } = await workspace.nx('run', `${NAME}:apply`, NODE);
      expect(exitCode, all).toBe(0);
      const environment = await readEnvironment({
        workspaceRoot: workspace.root,
        name: NAME,
        configuration: 'node',
      });
      const objects = await (await readEnvironmentObjects(environment)).objects();
      const reasons = await withCluster(clusterOptionsOf(environment), async (cluster) => {
        await expectGit(cluster);
        const wrongKey = await failures(environment, cluster, objects.map(withOtherKey));
        await breakIt(cluster);
        return { ...(await failures(environment, cluster, objects)), ...prefixed('key', wrongKey) };
      });
      const prow = (name: string) => `Deployment kubernetes-prow/${name}`;
      // Wrong HMAC.
      expect(reasons[`key hook-accepts-webhook ${prow('hook')}`]).toMatch(
        /^a webhook with the environment's signature: it answers 403/,
      );
      // deck without its configuration.
      expect(reasons[`deck-answers ${prow('deck')}`]).toMatch(
        /no pod of it is ready; .*configmap "config" not found/,
      );
      // hook scaled to 0.
      expect(reasons[`hook-accepts-webhook ${prow('hook')}`]).toBe(
        'no pod of it is ready; it is scaled to 0, and the manifest asks for 1',
      );
      // A broken configuration.
      expect(reasons[`containers-run ${prow('needs-rebase')}`]).toMatch(
        /container needs-rebase .*plugin configuration.*cannot unmarshal|container needs-rebase .*plugin/,
      );
      // A missing RBAC rule.
      expect(reasons[`service-accounts ${prow('sinker')}`]).toBe(
        'ServiceAccount kubernetes-prow/sinker may not delete pods in kubernetes-prow-jobs, get pods in kubernetes-prow-jobs, ' +
          'list pods in kubernetes-prow-jobs, patch pods in kubernetes-prow-jobs, watch pods in kubernetes-prow-jobs',
      );
      // A crash loop.
      expect(reasons[`containers-run ${prow('cherrypicker')}`]).toMatch(
        /container cherrypicker .*secrets agent.*nowhere/,
      );
      // An image that does not exist.
      expect(reasons[`containers-run ${prow('ghproxy')}`]).toMatch(
        /container ghproxy is waiting: (?:ErrImagePull|ImagePullBackOff): .*ghproxy:v0/,
      );
    },
  );
});

/** That hook has the git which it merges with. */
async function expectGit({ kubeconfig, context }: Cluster): Promise<void> {
  const hook = ['--namespace', 'kubernetes-prow', 'exec', 'deployment/hook'];
  const where = ['--kubeconfig', kubeconfig, '--context', context];
  const { stdout } = await execa(await kubectlProgram(), [
    ...where,
    ...hook,
    ...['--', 'git', '--version'],
  ]);
  expect(stdout).toMatch(/^git version 2\./);
}

/** The failed checks of what an environment has in its cluster: the reason of each, by check and object. */
async function failures(
  environment: Environment,
  cluster: Cluster,
  objects: readonly KubernetesObject[],
): Promise<Readonly<Record<string, string>>> {
  const { failed } = await verify({
    cluster,
    objects,
    inventoryNamespace: environment.namespaces.prow,
    jobsNamespace: environment.namespaces.jobs,
    cannotRun: await provideImages(environment, objects),
    timeoutMs: 15_000,
    smokeTimeoutMs: 20_000,
  });
  return Object.fromEntries(
    failed.map(({ check, object, reason = '' }) => [`${check} ${object}`, reason]),
  );
}

function prefixed(prefix: string, reasons: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(reasons).map(([key, reason]) => [`${prefix} ${key}`, reason]),
  );
}

function withOtherKey(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Secret' || object.metadata.name !== 'hmac-token') return object;
  return { ...object, data: { hmac: Buffer.from('another').toString('base64') } };
}

/** Breaks one thing of each of six components, by hand. */
async function breakIt(cluster: Cluster): Promise<void> {
  const core = '/api/v1/namespaces/kubernetes-prow';
  const apps = '/apis/apps/v1/namespaces/kubernetes-prow';
  const patch = (
    path: string,
    body: unknown,
    contentType = 'application/strategic-merge-patch+json',
  ) => cluster.request({ method: 'PATCH', path, contentType, body });
  const restart = (name: string, container: object = {}) =>
    patch(`${apps}/deployments/${name}`, {
      spec: {
        strategy: { $patch: 'replace', type: 'Recreate' },
        template: {
          metadata: { annotations: { broken: 'by-hand' } },
          spec: { terminationGracePeriodSeconds: 1, containers: [{ name, ...container }] },
        },
      },
    });
  await cluster.request({ method: 'DELETE', path: `${core}/configmaps/config` });
  await patch(`${core}/configmaps/plugins`, { data: { 'plugins.yaml': 'plugins: [\n' } });
  await patch(`${apps}/deployments/hook`, { spec: { replicas: 0 } });
  await patch(
    '/apis/rbac.authorization.k8s.io/v1/namespaces/kubernetes-prow-jobs/roles/sinker',
    { rules: [] },
    'application/merge-patch+json',
  );
  await Promise.all([
    restart('deck'),
    restart('needs-rebase'),
    restart('cherrypicker', { args: ['--hmac-secret-file=/nowhere'] }),
    restart('ghproxy', { image: 'us-docker.pkg.dev/k8s-infra-prow/images/ghproxy:v0' }),
  ]);
  // Those before would take their time to end.
  await cluster.request({
    method: 'DELETE',
    path: `${core}/pods`,
    query: {
      labelSelector: 'app in (deck,needs-rebase,cherrypicker,ghproxy)',
      gracePeriodSeconds: 0,
    },
  });
}
