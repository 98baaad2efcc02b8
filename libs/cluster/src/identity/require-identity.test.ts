import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterIdentity } from '@prow-deploy/environment';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Cluster, ClusterOptions } from '../cluster.ts';
import { clusterDown } from '../cluster-down.ts';
import { clusterUp } from '../cluster-up.ts';
import { connect } from '../connect.ts';
import type { KubeconfigClusterEntry, KubeconfigUserEntry } from '../kubeconfig/kubeconfig.ts';
import { readKubeconfig } from '../kubeconfig/read-kubeconfig.ts';
import { selectContext } from '../kubeconfig/select-context.ts';
import { requireIdentity } from './require-identity.ts';

/** Where nothing was built or downloaded yet, the first use of the tools takes minutes. */
const TOOLS_TIMEOUT_MS = 30 * 60_000;

let workspaceRoot: string;
let embedded: ClusterOptions;
let server: string;
let ca: string;
let admin: KubeconfigUserEntry;
let pinned: ClusterIdentity;

const closers: (() => unknown)[] = [];

beforeAll(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'identity-'));
  embedded = { environment: 'real', workspaceRoot, spec: { provider: 'embedded', nodes: [] } };
  const state = await clusterUp(embedded);
  const { cluster, user } = selectContext(await readKubeconfig([state.kubeconfig]), 'real', '');
  server = state.server;
  ca = cluster['certificate-authority-data'] ?? '';
  admin = user;
  pinned = await (await through(admin)).identity();
}, TOOLS_TIMEOUT_MS);

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

afterAll(async () => {
  await clusterDown(embedded);
  await rm(workspaceRoot, { recursive: true });
}, 60_000);

/** The real cluster through a kubeconfig of the environment production, unless `entry` leads elsewhere. */
async function through(
  user: KubeconfigUserEntry,
  entry: KubeconfigClusterEntry = {},
): Promise<Cluster> {
  const folder = await mkdtemp(join(workspaceRoot, 'kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  const cluster = { server, 'certificate-authority-data': ca, ...entry };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'there', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  const spec = { provider: 'kubeconfig', kubeconfig, context: 'there' } as const;
  const connected = await connect({ environment: 'production', workspaceRoot, spec });
  closers.push(() => {
    connected.close();
  });
  return connected;
}

/** Another address of the same API server. */
async function otherAddress(): Promise<string> {
  const { hostname, port } = new URL(server);
  const relay = createTcpServer((socket) => {
    const upstream = connectTcp(Number(port), hostname);
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  closers.push(() => relay.close());
  return `https://127.0.0.1:${(relay.address() as AddressInfo).port}`;
}

async function refusal(work: Promise<void>): Promise<{ code: string; message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'ClusterError' });
  return error as { code: string; message: string };
}

const OTHER_UID = '00000000-0000-4000-8000-000000000000';
const PIN = 'nx run production:pin-cluster';

test('the pinned cluster may be written to and read', async () => {
  const cluster = await through(admin);
  await requireIdentity(cluster, pinned);
  await requireIdentity(cluster, pinned, 'read');
});

test('the identity is what other tools say of the cluster', async () => {
  const { body } = await (await through(admin)).request({ path: '/api/v1/namespaces/kube-system' });
  const der = new X509Certificate(Buffer.from(ca, 'base64')).raw;
  expect(pinned).toEqual({
    uid: (body as { metadata: { uid: string } }).metadata.uid,
    server,
    caSha256: createHash('sha256').update(der).digest('hex'),
  });
});

test('an embedded cluster needs no pin', async () => {
  const cluster = await connect(embedded);
  closers.push(() => {
    cluster.close();
  });
  await requireIdentity(cluster, undefined);
});

describe('without a pin', () => {
  test('nothing is written: the message says what to check and how to pin', async () => {
    const cluster = await through(admin);
    const { code, message } = await refusal(requireIdentity(cluster, undefined));
    expect(code).toBe('identity-absent');
    expect(message).toContain('environments/production/environment.yaml');
    expect(message).toContain(server);
    expect(message).toContain(`context there of the kubeconfig ${cluster.kubeconfig}`);
    expect(message).toContain(PIN);
  });

  test('it may be read, and is not asked', async () => {
    await requireIdentity(await through({ token: 'expired' }), undefined, 'read');
  });
});

describe('what differs is named, with what to make of it', () => {
  test.each(['write', 'read'] as const)(
    'another cluster at the same address is refused to %s',
    async (access) => {
      const cluster = await through(admin);
      const { code, message } = await refusal(
        requireIdentity(cluster, { ...pinned, uid: OTHER_UID }, access),
      );
      expect(code).toBe('identity-differs');
      expect(message).toContain(
        `uid of the namespace kube-system: ${OTHER_UID} expected, ${pinned.uid} found`,
      );
      expect(message).not.toMatch(/API server: |SHA-256/);
      expect(message).toContain('another cluster at the same address');
      expect(message).toContain(`context there of the kubeconfig ${cluster.kubeconfig}`);
      expect(message).toContain(PIN);
    },
  );

  test('the same cluster at another address', async () => {
    const address = await otherAddress();
    const cluster = await through(admin, { server: address });
    const { code, message } = await refusal(requireIdentity(cluster, pinned));
    expect(code).toBe('identity-differs');
    expect(message).toContain(`API server: ${server} expected, ${address} found`);
    expect(message).not.toContain('uid of the namespace');
    expect(message).toContain('the same cluster at another address');
    expect(message).toContain(PIN);
  });

  test('another cluster at another address', async () => {
    const other = { ...pinned, uid: OTHER_UID, server: 'https://production.example:6443' };
    const { message } = await refusal(requireIdentity(await through(admin), other));
    expect(message).toContain(
      `API server: https://production.example:6443 expected, ${server} found`,
    );
    expect(message).toContain(`${OTHER_UID} expected, ${pinned.uid} found`);
    expect(message).toContain('This is another cluster. Correct cluster.context');
  });

  test('other certificates, or none that are checked', async () => {
    const renewed = { ...pinned, caSha256: '0'.repeat(64) };
    const { message } = await refusal(requireIdentity(await through(admin), renewed));
    expect(message).toContain(
      `SHA-256 of its CA certificates: ${'0'.repeat(64)} expected, ${pinned.caSha256} found`,
    );
    expect(message).toContain('they were renewed, or another answers in its place');
    const unchecked = { 'certificate-authority-data': '', 'insecure-skip-tls-verify': true };
    const { message: insecure } = await refusal(
      requireIdentity(await through(admin, unchecked), pinned),
    );
    expect(insecure).toContain(`${pinned.caSha256} expected, insecure found`);
  });

  test('a wrong context whose cluster does not accept the credentials', async () => {
    const elsewhere = { ...pinned, server: 'https://production.example:6443' };
    const { code, message } = await refusal(
      requireIdentity(await through({ token: 'of-production' }), elsewhere),
    );
    expect(code).toBe('identity-differs');
    expect(message).toContain(
      `API server: https://production.example:6443 expected, ${server} found`,
    );
    expect(message).toMatch(/what answers there: .*Unauthorized/);
    expect(message).not.toContain('of-production');
    expect(message).toContain('Correct cluster.context');
  });

  test('an address that is written another way is the same', async () => {
    const capitals = server.replace('https', 'HTTPS');
    await requireIdentity(await through(admin), { ...pinned, server: capitals });
  });
});

describe('an identity that cannot be read', () => {
  test('expired credentials', async () => {
    const cluster = await through({ token: 'expired' });
    await expect(requireIdentity(cluster, pinned)).rejects.toMatchObject({
      name: 'ApiError',
      status: 401,
      message: expect.stringMatching(
        /The credentials of the context there in the kubeconfig .* are not accepted: log in again/,
      ) as string,
    });
  });

  test('a user who may not', async () => {
    const cluster = await through({ ...admin, as: 'jane', 'as-groups': ['system:authenticated'] });
    const { code, message } = await refusal(requireIdentity(cluster, pinned));
    expect(code).toBe('identity-unreadable');
    expect(message).toContain('User "jane" cannot get resource "namespaces"');
    expect(message).toContain('granted to get the namespace kube-system');
  });

  test('what is no Kubernetes', async () => {
    const page = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<h1>Log in</h1>');
    });
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    closers.push(() => page.close());
    const address = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    const cluster = await through(admin, { server: address });
    const { code, message } = await refusal(
      requireIdentity(cluster, { ...pinned, server: address }),
    );
    expect(code).toBe('identity-unreadable');
    expect(message).toContain('no Kubernetes API server');
  });

  test('a server that does not answer', async () => {
    const cluster = await through(admin, { server: 'https://127.0.0.1:9' });
    const { code } = await refusal(
      requireIdentity(cluster, { ...pinned, server: 'https://127.0.0.1:9' }),
    );
    expect(code).toBe('unreachable');
  });
});
