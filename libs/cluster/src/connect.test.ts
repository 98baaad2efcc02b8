import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Cluster, ClusterOptions } from './cluster.ts';
import { clusterDown } from './cluster-down.ts';
import { clusterReset } from './cluster-reset.ts';
import { clusterUp } from './cluster-up.ts';
import { connect } from './connect.ts';
import type { KubeconfigClusterEntry, KubeconfigUserEntry } from './kubeconfig/kubeconfig.ts';
import { readKubeconfig } from './kubeconfig/read-kubeconfig.ts';
import { selectContext } from './kubeconfig/select-context.ts';

/** Where nothing was built or downloaded yet, the first use of the tools takes minutes. */
const TOOLS_TIMEOUT_MS = 30 * 60_000;
const READY = { path: '/readyz' };

let workspaceRoot: string;
let embedded: ClusterOptions;
let server: string;
let ca: string;
let cert: string;
let key: string;

const closers: (() => unknown)[] = [];

beforeAll(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'connect-'));
  embedded = { environment: 'real', workspaceRoot, spec: { provider: 'embedded', nodes: [] } };
  const state = await clusterUp(embedded);
  const { cluster, user } = selectContext(await readKubeconfig([state.kubeconfig]), 'real', '');
  server = state.server;
  ca = cluster['certificate-authority-data'] ?? '';
  cert = user['client-certificate-data'] ?? '';
  key = user['client-key-data'] ?? '';
}, TOOLS_TIMEOUT_MS);

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) {
    await close();
  }
});

afterAll(async () => {
  await clusterDown(embedded);
  await rm(workspaceRoot, { recursive: true });
}, 60_000);

/** Connects through a kubeconfig with this user, to the real cluster unless its entry says otherwise. */
async function connectAs(
  user: KubeconfigUserEntry,
  cluster: KubeconfigClusterEntry = {},
): Promise<Cluster> {
  const connected = await connect(await optionsFor(user, cluster));
  closers.push(() => {
    connected.close();
  });
  return connected;
}

async function optionsFor(
  user: KubeconfigUserEntry,
  cluster: KubeconfigClusterEntry = {},
): Promise<ClusterOptions> {
  const folder = await mkdtemp(join(workspaceRoot, 'kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  const entry = { server, 'certificate-authority-data': ca, ...cluster };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: entry }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'there', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'elsewhere',
    }),
  );
  return {
    environment: 'production',
    workspaceRoot,
    spec: { provider: 'kubeconfig', kubeconfig, context: 'there' },
  };
}

const admin = () => ({ 'client-certificate-data': cert, 'client-key-data': key });

async function serviceAccountToken(): Promise<string> {
  const cluster = await connectAs(admin());
  const { body } = await cluster.request({
    method: 'POST',
    path: '/api/v1/namespaces/default/serviceaccounts/default/token',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  });
  return (body as { readonly status: { readonly token: string } }).status.token;
}

async function whoAmI(cluster: Cluster): Promise<unknown> {
  const { body } = await cluster.request({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  return (body as { readonly status: { readonly userInfo: unknown } }).status.userInfo;
}

const SERVICE_ACCOUNT = { username: 'system:serviceaccount:default:default' };

describe('credentials', () => {
  test('a certificate: the cluster is the same as the embedded one, and pods are not known to be simulated', async () => {
    const cluster = await connectAs(admin());
    const same = await connect(embedded);
    expect(await cluster.identity()).toEqual(await same.identity());
    expect(cluster).toMatchObject({
      provider: 'kubeconfig',
      simulated: false,
      context: 'there',
      server,
    });
    same.close();
  });

  test('certificates in files beside the kubeconfig', async () => {
    const options = await optionsFor(
      { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' },
      { 'certificate-authority-data': '', 'certificate-authority': 'ca.crt' },
    );
    const folder = join((options.spec as { kubeconfig: string }).kubeconfig, '..');
    for (const [name, data] of Object.entries({ 'tls.crt': cert, 'tls.key': key, 'ca.crt': ca })) {
      await writeFile(join(folder, name), Buffer.from(data, 'base64'));
    }
    const cluster = await connect(options);
    closers.push(() => {
      cluster.close();
    });
    expect((await cluster.request(READY)).body).toBe('ok');
  });

  test('a token', async () => {
    const cluster = await connectAs({ token: await serviceAccountToken() });
    expect(await whoAmI(cluster)).toMatchObject(SERVICE_ACCOUNT);
  });

  test('a token in a file', async () => {
    const tokenFile = join(workspaceRoot, 'token');
    await writeFile(tokenFile, await serviceAccountToken());
    expect(await whoAmI(await connectAs({ tokenFile }))).toMatchObject(SERVICE_ACCOUNT);
  });

  test('acting as another user, with its groups', async () => {
    const cluster = await connectAs({ ...admin(), as: 'jane', 'as-groups': ['deployers'] });
    expect(await whoAmI(cluster)).toMatchObject({
      username: 'jane',
      groups: expect.arrayContaining(['deployers']) as string[],
    });
    await expect(cluster.request({ path: '/api/v1/secrets' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 403,
      reason: 'Forbidden',
    });
  });

  test('a token that is not accepted', async () => {
    const cluster = await connectAs({ token: 'wrong' });
    await expect(cluster.request({ path: '/api/v1/nodes' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 401,
      message: expect.stringMatching(
        /The credentials of the context there .* log in again/,
      ) as string,
    });
  });
});

describe('trust', () => {
  test('a server with a certificate from another CA is not spoken to', async () => {
    // The API server's own certificate in the place of a CA's: a real certificate that signed nothing.
    const cluster = await connectAs(admin(), { 'certificate-authority-data': cert });
    await expect(cluster.request(READY)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(
        'its certificate is not from the CA in the kubeconfig',
      ) as string,
    });
  });

  test('nor one with a certificate for another name', async () => {
    const cluster = await connectAs(admin(), { 'tls-server-name': 'other.example' });
    await expect(cluster.request(READY)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('its certificate is for another name') as string,
    });
    const right = await connectAs(admin(), { 'tls-server-name': 'kubernetes.default' });
    expect((await right.request(READY)).body).toBe('ok');
  });

  test('unless the kubeconfig says not to verify, which the identity tells', async () => {
    const cluster = await connectAs(admin(), {
      'certificate-authority-data': '',
      'insecure-skip-tls-verify': true,
    });
    expect(await cluster.identity()).toMatchObject({ caSha256: 'insecure' });
  });

  test('a server that cannot be found', async () => {
    const cluster = await connectAs(admin(), { server: 'https://kubernetes.invalid:6443' });
    await expect(cluster.request(READY)).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'unreachable',
      message: expect.stringMatching(
        /^Cannot reach the API server https:\/\/kubernetes\.invalid:6443 of production: name not .*context there/,
      ) as string,
    });
  });
});

describe('what @kubernetes/client-node is for', () => {
  const plugin = async (body: string): Promise<KubeconfigUserEntry> => {
    const path = join(await mkdtemp(join(workspaceRoot, 'plugin-')), 'login.mjs');
    await writeFile(path, body);
    const apiVersion = 'client.authentication.k8s.io/v1';
    return {
      exec: { apiVersion, command: process.execPath, args: [path], provideClusterInfo: true },
    };
  };

  test('a plug-in that gives a certificate is asked once, and told which cluster it is for', async () => {
    const log = join(workspaceRoot, 'plugin.log');
    const pem = (data: string) => JSON.stringify(Buffer.from(data, 'base64').toString('utf8'));
    const user = await plugin(`
      import { appendFileSync } from 'node:fs';
      const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      appendFileSync(${JSON.stringify(log)}, info.spec.cluster.server + '\\n');
      console.log(JSON.stringify({
        apiVersion: info.apiVersion,
        kind: info.kind,
        status: { clientCertificateData: ${pem(cert)}, clientKeyData: ${pem(key)} },
      }));
    `);
    const cluster = await connectAs(user);
    await Promise.all([cluster.request(READY), cluster.identity(), cluster.resources()]);
    expect(await readFile(log, 'utf8')).toBe(`${server}\n`);
  });

  test('a plug-in that gives a token', async () => {
    const status = { token: await serviceAccountToken() };
    const user = await plugin(`
      console.log(${JSON.stringify(JSON.stringify({ kind: 'ExecCredential', status }))});
    `);
    expect(await whoAmI(await connectAs(user))).toMatchObject(SERVICE_ACCOUNT);
  });

  test('a plug-in that fails', async () => {
    const user = await plugin(`console.error('Session expired'); process.exit(1);`);
    const cluster = await connectAs(user);
    await expect(cluster.request(READY)).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'credentials',
      message: expect.stringMatching(
        /context "there" from the plug-in .*: Session expired\. Log in/,
      ) as string,
    });
  });

  test('a plug-in that is not there', async () => {
    const cluster = await connectAs({ exec: { command: 'no-such-login' } });
    await expect(cluster.request(READY)).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringContaining('no-such-login') as string,
    });
  });

  test('a proxy', async () => {
    let tunnels = 0;
    const proxy = createServer().on('connect', (request, socket, head: Buffer) => {
      tunnels++;
      const [host, port] = (request.url ?? '').split(':');
      const upstream = connectTcp(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    const url = await listen(proxy);
    const cluster = await connectAs(admin(), { 'proxy-url': url });
    expect((await cluster.request(READY)).body).toBe('ok');
    expect(tunnels).toBe(1);
  });

  async function listen(started: Server): Promise<string> {
    closers.push(() => {
      started.closeAllConnections();
      started.close();
    });
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }
});

describe('which kubeconfig', () => {
  test('the files of KUBECONFIG together, where the environment names none', async () => {
    const one = (await optionsFor(admin())).spec;
    const paths = [join(workspaceRoot, 'absent'), (one as { kubeconfig: string }).kubeconfig];
    vi.stubEnv('KUBECONFIG', paths.join(':'));
    const cluster = await connect({
      environment: 'production',
      workspaceRoot,
      spec: { provider: 'kubeconfig', context: 'there' },
    });
    expect(cluster.kubeconfig).toBe(paths.join(':'));
    expect((await cluster.request(READY)).body).toBe('ok');
    cluster.close();
  });

  test('one that is not there', async () => {
    const spec = { provider: 'kubeconfig', kubeconfig: 'none', context: 'there' } as const;
    await expect(connect({ environment: 'production', workspaceRoot, spec })).rejects.toMatchObject(
      {
        name: 'ClusterError',
        code: 'kubeconfig-absent',
        message: expect.stringContaining(join(workspaceRoot, 'none')) as string,
      },
    );
  });

  test('the current context is never used', async () => {
    const { spec, ...options } = await optionsFor(admin());
    const elsewhere = { ...spec, context: 'elsewhere' } as ClusterOptions['spec'];
    await expect(connect({ ...options, spec: elsewhere })).rejects.toMatchObject({
      code: 'context-absent',
      message: expect.stringContaining('only there') as string,
    });
  });
});

test.each([
  ['start', clusterUp],
  ['reset', clusterReset],
  ['stop', clusterDown],
])('a cluster that a kubeconfig leads to is not ours to %s', async (verb, work) => {
  await expect(work(await optionsFor(admin()))).rejects.toMatchObject({
    name: 'ClusterError',
    code: 'not-ours',
    message: expect.stringContaining(`Cannot ${verb} the cluster of production`) as string,
  });
});
