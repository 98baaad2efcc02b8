import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, APPLY_PATCH, type Cluster, connect } from '@prow-deploy/cluster';
import { useTestCluster } from '@prow-deploy/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FIELD_MANAGER } from '../field-manager.ts';
import type { InventoryEntry } from '../inventory.ts';
import { requirePermissions } from '../guard/require-permissions.ts';
import { describeMissing } from './describe-missing.ts';
import { missingPermissions } from './missing-permissions.ts';
import type { Need, NeedVerb } from './need.ts';
import { needsOf } from './needs-of.ts';
import type { ResourceRule } from './resource-rule.ts';

const admin = useTestCluster('permissions');
let folder: string;
let users = 0;
const connections: Cluster[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'permissions-'));
  for (const name of ['prow', 'jobs']) {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await admin().request({ method: 'POST', path: '/api/v1/namespaces', body });
  }
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(() => rm(folder, { recursive: true }));

/** The test cluster as another user sees it; `requests` counts what was sent. */
interface User {
  readonly name: string;
  readonly cluster: Pick<Cluster, 'request'>;
  readonly requests: string[];
}

async function as(name: string, groups: readonly string[] = []): Promise<User> {
  const config = parse(await readFile(admin().kubeconfig, 'utf8')) as {
    users: { name: string; user: object }[];
  };
  const impersonating = config.users.map((entry) => ({
    ...entry,
    user: { ...entry.user, as: name, ...(groups.length > 0 ? { 'as-groups': groups } : {}) },
  }));
  const kubeconfig = join(folder, name.replaceAll(':', '-'));
  await writeFile(kubeconfig, JSON.stringify({ ...config, users: impersonating }));
  const spec = { provider: 'kubeconfig', kubeconfig, context: admin().context } as const;
  const connection = await connect({ environment: 'permissions', workspaceRoot: folder, spec });
  connections.push(connection);
  const requests: string[] = [];
  return {
    name,
    requests,
    cluster: {
      request: (request) => {
        requests.push(request.path.split('/').at(-1) ?? '');
        return connection.request(request);
      },
    },
  };
}

/** Rules by the namespace that they hold in; `*` is the whole cluster. */
type Grants = Readonly<Record<string, readonly ResourceRule[]>>;

/** A new user with these rights, once the API server goes by them. */
async function userWith(grants: Grants): Promise<User> {
  users += 1;
  const name = `user-${users}`;
  const user = await as(name);
  for (const [namespace, rules] of Object.entries(grants)) {
    const cluster = namespace === '*';
    const metadata = { name, ...(cluster ? {} : { namespace }) };
    const base = `/apis/rbac.authorization.k8s.io/v1${cluster ? '' : `/namespaces/${namespace}`}`;
    const kind = cluster ? 'ClusterRole' : 'Role';
    const marker = { verbs: ['get'], apiGroups: ['marker'], resources: [name] };
    const post = (resource: string, body: object): Promise<unknown> =>
      admin().request({
        method: 'POST',
        path: `${base}/${resource}`,
        body: { apiVersion: 'rbac.authorization.k8s.io/v1', metadata, ...body },
      });
    await post(`${kind.toLowerCase()}s`, { kind, rules: [...rules, marker] });
    await post(`${kind.toLowerCase()}bindings`, {
      kind: `${kind}Binding`,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
    });
    await expect
      .poll(
        () =>
          isAllowed(user, {
            verb: 'get',
            apiVersion: 'marker/v1',
            resource: name,
            kind: 'Marker',
            ...(cluster ? {} : { namespace }),
          }),
        { timeout: 20_000 },
      )
      .toBe(true);
  }
  user.requests.length = 0;
  return user;
}

/** What the API server itself says. */
async function isAllowed({ cluster }: User, need: Need): Promise<boolean> {
  const [resource, subresource] = need.resource.split('/');
  const [group] = need.apiVersion.includes('/') ? need.apiVersion.split('/') : [''];
  const { verb, namespace, name } = need;
  const { body } = await cluster.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } },
    },
  });
  return (body as { status: { allowed: boolean } }).status.allowed;
}

const need = (
  verb: NeedVerb,
  resource: string,
  more: { readonly namespace?: string; readonly name?: string; readonly apiVersion?: string } = {},
): Need => ({ verb, resource, kind: 'Kind', apiVersion: 'v1', ...more });
const rule = (
  verbs: readonly string[],
  apiGroups: readonly string[],
  resources: readonly string[],
  resourceNames: readonly string[] = [],
): ResourceRule => ({ verbs, apiGroups, resources, resourceNames });

const inProw = { namespace: 'prow' };
const deployments = { apiVersion: 'apps/v1', namespace: 'prow' };

describe('missingPermissions', { timeout: 60_000 }, () => {
  test('an administrator misses nothing: one request for each namespace, one for all without', async () => {
    const { cluster, requests } = await userWith({ '*': [rule(['*'], ['*'], ['*'])] });
    const needs = [
      need('patch', 'deployments', deployments),
      need('create', 'secrets', inProw),
      need('delete', 'pods', { namespace: 'jobs', name: 'p' }),
      need('create', 'clusterroles', { apiVersion: 'rbac.authorization.k8s.io/v1' }),
      need('patch', 'customresourcedefinitions', { apiVersion: 'apiextensions.k8s.io/v1' }),
    ];
    expect(await missingPermissions({ cluster, needs })).toEqual([]);
    expect(requests).toEqual(Array(3).fill('selfsubjectrulesreviews'));
  });

  test('a user with no right misses all: one more request for each', async () => {
    const { cluster, requests } = await userWith({});
    const needs = [
      need('patch', 'deployments', deployments),
      need('create', 'deployments', deployments),
      need('get', 'configmaps', { ...inProw, name: 'a' }),
      need('list', 'nodes'),
    ];
    expect(await missingPermissions({ cluster, needs })).toEqual(needs);
    expect(requests.filter((kind) => kind === 'selfsubjectrulesreviews')).toHaveLength(2);
    expect(requests).toHaveLength(2 + needs.length);
  });

  test('a right in one namespace is none in another, nor in the whole cluster', async () => {
    const { cluster } = await userWith({ prow: [rule(['*'], ['*'], ['*'])] });
    const elsewhere = [
      need('patch', 'configmaps', { namespace: 'jobs' }),
      need('patch', 'configmaps', { namespace: 'not-there-yet' }),
      need('patch', 'clusterroles', { apiVersion: 'rbac.authorization.k8s.io/v1' }),
      need('list', 'configmaps'),
    ];
    const needs = [need('patch', 'configmaps', inProw), ...elsewhere];
    expect(await missingPermissions({ cluster, needs })).toEqual(elsewhere);
  });

  test('a right that is limited to names covers these alone', async () => {
    const { cluster } = await userWith({
      prow: [rule(['patch', 'create'], [''], ['configmaps'], ['config', 'plugins'])],
    });
    const missing = [
      need('patch', 'configmaps', { ...inProw, name: 'labels' }),
      need('create', 'configmaps', inProw),
    ];
    const needs = [
      need('patch', 'configmaps', { ...inProw, name: 'config' }),
      need('create', 'configmaps', { ...inProw, name: 'plugins' }),
      ...missing,
    ];
    expect(await missingPermissions({ cluster, needs })).toEqual(missing);
  });

  test('the right on a resource is none on its subresources, and the other way round', async () => {
    const { cluster } = await userWith({
      prow: [
        rule(['patch'], ['apps'], ['deployments', 'statefulsets/scale']),
        rule(['get'], ['apps'], ['*/status']),
      ],
    });
    const missing = [
      need('patch', 'deployments/scale', deployments),
      need('patch', 'statefulsets', deployments),
      need('get', 'deployments', deployments),
    ];
    const needs = [
      need('patch', 'deployments', deployments),
      need('patch', 'statefulsets/scale', deployments),
      need('get', 'daemonsets/status', deployments),
      ...missing,
    ];
    expect(await missingPermissions({ cluster, needs })).toEqual(missing);
  });

  test('a right on one Namespace may come from that namespace, but not to create it', async () => {
    const { cluster } = await userWith({ prow: [rule(['*'], [''], ['namespaces'])] });
    const missing = [
      need('create', 'namespaces', { name: 'prow' }),
      need('patch', 'namespaces', { name: 'jobs' }),
    ];
    const needs = [need('patch', 'namespaces', { name: 'prow' }), ...missing];
    expect(await missingPermissions({ cluster, needs })).toEqual(missing);
    await cluster.request(apply('Namespace', '/api/v1/namespaces/prow', { name: 'prow' }));
    await expect(
      cluster.request(apply('Namespace', '/api/v1/namespaces/jobs', { name: 'jobs' })),
    ).rejects.toMatchObject({ status: 403 });
  });

  test('what the rules do not tell is asked: a cluster with another authorizer', async () => {
    const user = await userWith({
      prow: [rule(['patch'], [''], ['configmaps']), rule(['patch'], [''], ['secrets'], ['a'])],
    });
    // As a webhook's rules are told: not at all.
    const cluster: Pick<Cluster, 'request'> = {
      request: async (request) => {
        const response = await user.cluster.request(request);
        if (!request.path.endsWith('selfsubjectrulesreviews')) return response;
        const status = { resourceRules: [], nonResourceRules: [], incomplete: true };
        return { ...response, body: { ...(response.body as object), status } };
      },
    };
    const configMaps = ['a', 'b', 'c'].map((name) =>
      need('patch', 'configmaps', { ...inProw, name }),
    );
    const secrets = ['a', 'b'].map((name) => need('patch', 'secrets', { ...inProw, name }));
    expect(await missingPermissions({ cluster, needs: [...configMaps, ...secrets] })).toEqual([
      secrets[1],
    ]);
    // Rules; all ConfigMaps at once; all Secrets at once, then each.
    expect(user.requests).toHaveLength(1 + 1 + 3);
  });

  test('where no question is answered, nothing is known to be missing', async () => {
    const { cluster, requests } = await as('system:anonymous', ['system:unauthenticated']);
    const needs = [need('patch', 'configmaps', inProw)];
    expect(await missingPermissions({ cluster, needs })).toEqual([]);
    expect(requests).toEqual(['selfsubjectrulesreviews', 'selfsubjectaccessreviews']);
  });

  test('a cluster that cannot be asked, and an abort', async () => {
    const needs = [need('patch', 'configmaps', inProw)];
    const cluster: Pick<Cluster, 'request'> = {
      request: () => Promise.reject(refused),
    };
    await expect(missingPermissions({ cluster, needs })).rejects.toBe(refused);
    const signal = AbortSignal.abort();
    await expect(missingPermissions({ cluster: admin(), needs, signal })).rejects.toBe(
      signal.reason,
    );
  });
});

const refused = new ApiError('no', { status: 401, reason: '', serverMessage: 'no', causes: [] });

function apply(kind: string, path: string, metadata: object): Parameters<Cluster['request']>[0] {
  return {
    method: 'PATCH',
    path,
    query: { fieldManager: FIELD_MANAGER },
    contentType: APPLY_PATCH,
    body: { apiVersion: 'v1', kind, metadata: { ...metadata, labels: { a: 'b' } } },
  };
}

describe('needsOf', { timeout: 60_000 }, () => {
  const configMap = (name: string): InventoryEntry => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    resource: 'configmaps',
    namespaced: true,
    namespace: 'prow',
    name,
  });
  const namespace: InventoryEntry = {
    apiVersion: 'v1',
    kind: 'Namespace',
    resource: 'namespaces',
    namespaced: false,
    name: 'prow',
  };

  test('each thing once: to create is to patch too, and our own objects are among it', () => {
    const needs = needsOf({
      create: [configMap('new')],
      change: [configMap('there'), namespace],
      prune: [configMap('gone')],
      inventoryNamespace: 'prow',
    });
    expect(
      needs.map(({ verb, resource, namespace = '*', name = '*' }) =>
        [verb, resource, `${namespace}/${name}`].join(' '),
      ),
    ).toEqual([
      'patch configmaps prow/new',
      'create configmaps prow/new',
      'patch configmaps prow/there',
      'patch namespaces */prow',
      'delete configmaps prow/gone',
      'get configmaps prow/prow-deploy-inventory',
      'create configmaps prow/*',
      'patch configmaps prow/prow-deploy-inventory',
      'get secrets prow/prow-deploy-inventory',
      'create secrets prow/prow-deploy-inventory',
      'patch secrets prow/prow-deploy-inventory',
    ]);
  });

  test('is what the API server asks for: without the right to create, an apply of what is not there is refused', async () => {
    const sent = (name: string): Parameters<Cluster['request']>[0] =>
      apply('ConfigMap', `/api/v1/namespaces/prow/configmaps/${name}`, { name, namespace: 'prow' });
    const onlyPatch = await userWith({ prow: [rule(['patch'], [''], ['configmaps'])] });
    const both = await userWith({
      prow: [rule(['patch', 'create'], [''], ['configmaps'], ['made'])],
    });
    const needs = needsOf({
      create: [configMap('made')],
      change: [],
      prune: [],
      inventoryNamespace: 'prow',
    }).filter(({ name }) => name === 'made');
    expect(await missingPermissions({ cluster: onlyPatch.cluster, needs })).toMatchObject([
      { verb: 'create' },
    ]);
    await expect(onlyPatch.cluster.request(sent('made'))).rejects.toMatchObject({ status: 403 });
    expect(await missingPermissions({ cluster: both.cluster, needs })).toEqual([]);
    expect(await both.cluster.request(sent('made'))).toMatchObject({ status: 201 });
    expect(await onlyPatch.cluster.request(sent('made'))).toMatchObject({ status: 200 });
  });
});

test('requirePermissions says whose rights are missing, and which', async () => {
  const { cluster } = await userWith({ prow: [rule(['get'], [''], ['configmaps'])] });
  const where = { environment: 'production', context: 'ibmcloud', kubeconfig: '/k' };
  const verbs = ['get', 'patch'] as const;
  const needs = verbs.map((verb) => need(verb, 'configmaps', inProw));
  await expect(
    requirePermissions({ cluster: { ...where, ...cluster }, needs }),
  ).rejects.toMatchObject({
    name: 'GuardError',
    code: 'forbidden',
    message:
      'Cannot apply production: the user of the context ibmcloud in the kubeconfig /k may not patch configmaps in ' +
      'namespace prow. Have the administrators of the cluster grant that.',
  });
});

describe('describeMissing', () => {
  test('tells what to grant, and where', () => {
    const needs = [
      need('patch', 'deployments', { ...deployments, name: 'deck' }),
      need('create', 'deployments', { ...deployments, name: 'hook' }),
      need('patch', 'deployments', { ...deployments, name: 'tide' }),
      need('delete', 'namespaces', { name: 'prow' }),
      need('get', 'secrets', inProw),
      need('create', 'secrets', inProw),
      need('patch', 'secrets', inProw),
    ];
    expect(describeMissing(needs)).toBe(
      'create and patch deployments.apps in namespace prow, delete namespaces in the whole cluster, ' +
        'create, get and patch secrets in namespace prow',
    );
  });

  test('five of many, and how many more', () => {
    const needs = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => need('patch', name, inProw));
    expect(describeMissing(needs)).toMatch(
      /^patch a in namespace prow, .*patch e in namespace prow, and 2 more$/,
    );
    expect(describeMissing([])).toBe('');
  });
});

describe('against what the API server itself says', () => {
  const seed = Number(process.env['PROW_DEPLOY_SEED'] ?? 20261123);
  const ROUNDS = 12;

  test(`${ROUNDS} users with random rights (seed ${seed})`, { timeout: 120_000 }, async () => {
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
    const some = <T>(values: readonly T[]): T[] => [
      ...new Set(Array.from({ length: 1 + random(2) }, () => pick(values))),
    ];
    const verbs = ['get', 'list', 'create', 'patch', 'delete'] as const;
    const groups = ['', 'apps', 'batch'];
    const resources = ['configmaps', 'deployments', 'deployments/scale', 'jobs', 'jobs/status'];
    const names = ['a', 'b'];
    const randomRule = (): ResourceRule =>
      rule(
        some([...verbs, '*']),
        some([...groups, '*']),
        some([...resources, '*', '*/scale']),
        random(3) === 0 ? some(names) : [],
      );
    const randomNeed = (): Need => {
      const group = pick(groups);
      return need(pick(verbs), pick(resources), {
        apiVersion: group === '' ? 'v1' : `${group}/v1`,
        ...(random(4) === 0 ? {} : { namespace: pick(['prow', 'jobs']) }),
        ...(random(3) === 0 ? {} : { name: pick(names) }),
      });
    };
    let [allowedCount, deniedCount] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await userWith({
        prow: [randomRule(), randomRule()],
        ...(random(2) === 0 ? { '*': [randomRule()] } : {}),
      });
      const needs = Array.from({ length: 40 }, randomNeed);
      const denied = await Promise.all(needs.map(async (one) => !(await isAllowed(user, one))));
      const expected = needs.filter((_, index) => denied[index] === true);
      user.requests.length = 0;
      expect(
        await missingPermissions({ cluster: user.cluster, needs }),
        `round ${round}, seed ${seed}`,
      ).toEqual(expected);
      allowedCount += needs.length - expected.length;
      deniedCount += expected.length;
    }
    expect(allowedCount).toBeGreaterThan(20);
    expect(deniedCount).toBeGreaterThan(20);
  });
});
