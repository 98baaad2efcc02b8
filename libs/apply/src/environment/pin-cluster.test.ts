import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, readEnvironment } from '@prow-deploy/environment';
import { useTestCluster } from '@prow-deploy/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { clusterOptionsOf, withCluster } from './connect-environment.ts';
import { formatFoundCluster } from './format-found-cluster.ts';
import { type FoundCluster, pinCluster } from './pin-cluster.ts';

const cluster = useTestCluster('pin');
const OTHER_UID = '00000000-0000-4000-8000-000000000000';

let workspaceRoot: string;
beforeAll(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), 'pin-cluster-'));
  await mkdir(join(workspaceRoot, 'environments/production'), { recursive: true });
});
afterAll(() => rm(workspaceRoot, { recursive: true }));
beforeEach(() => write());

const file = (): string => join(workspaceRoot, 'environments/production/environment.yaml');
const read = (): Promise<string> => readFile(file(), 'utf8');
const environment = (): Promise<Environment> =>
  readEnvironment({ workspaceRoot, name: 'production' });

/** Writes an environment.yaml that leads to the test cluster by a kubeconfig. */
async function write(
  more: {
    readonly protection?: string;
    readonly identity?: object;
    readonly kubeconfig?: string;
  } = {},
): Promise<void> {
  const { protection = 'none', identity, kubeconfig = cluster().kubeconfig } = more;
  await writeFile(
    file(),
    `# Ours.\n${stringify({
      configVersion: '1',
      namespaces: { prow: 'prow', jobs: 'jobs' },
      protection,
      secrets: { source: 'generated' },
      cluster: {
        provider: 'kubeconfig',
        kubeconfig,
        context: cluster().context,
        ...(identity ? { identity } : {}),
      },
    })}`,
  );
}

/** Pins; gives what was shown before. */
async function pin(options: { readonly confirm?: string } = {}): Promise<[boolean, FoundCluster]> {
  const found: FoundCluster[] = [];
  const before = await read();
  const written = await pinCluster(await environment(), {
    ...options,
    onFound: (cluster) => {
      found.push(cluster);
    },
  });
  const [first] = found;
  if (first === undefined) throw new Error(`nothing was shown:\n${before}`);
  return [written, first];
}

describe('pinCluster', () => {
  test('an environment that was never pinned can be read, not written to; after it, it can', async () => {
    const work = async (access: 'read' | 'write'): Promise<unknown> =>
      withCluster({ ...clusterOptionsOf(await environment()), access }, (connected) =>
        connected.request({ path: '/api/v1/namespaces/default' }),
      );
    await expect(work('write')).rejects.toMatchObject({ code: 'identity-absent' });
    await work('read');
    const [written, found] = await pin();
    expect(written).toBe(true);
    expect(found).toMatchObject({ pinned: undefined, differences: [] });
    expect((await environment()).cluster).toMatchObject({ identity: await cluster().identity() });
    expect(await read()).toMatch(/^# Ours\.\n/);
    await work('write');
    expect((await pin())[0]).toBe(false);
  });

  test('another cluster than the pinned one is neither written to nor read, and replaces it with a warning', async () => {
    const identity = { ...(await cluster().identity()), uid: OTHER_UID };
    await write({ identity });
    for (const access of ['read', 'write'] as const) {
      let worked = false;
      await expect(
        withCluster({ ...clusterOptionsOf(await environment()), access }, () => {
          worked = true;
          return Promise.resolve();
        }),
      ).rejects.toMatchObject({ code: 'identity-differs' });
      expect(worked).toBe(false);
    }
    const [, found] = await pin();
    const shown = formatFoundCluster(found).join('\n');
    expect(shown).toContain((await cluster().identity()).uid);
    expect(shown).toContain(`It replaces, as uid of the namespace kube-system: ${OTHER_UID}`);
    expect(shown).toContain('Warning: this is another cluster than the pinned one');
    expect(shown).toContain(
      `context ${cluster().context} of the kubeconfig ${cluster().kubeconfig}`,
    );
    expect(await read()).not.toContain(OTHER_UID);
  });

  test('a protected environment has to be named; until then nothing is written', async () => {
    await write({ protection: 'confirm' });
    const before = await read();
    for (const confirm of [undefined, 'staging']) {
      await expect(pin(confirm === undefined ? {} : { confirm })).rejects.toMatchObject({
        name: 'UnconfirmedError',
        message: expect.stringContaining(
          'nx run production:pin-cluster --confirm=production',
        ) as string,
      });
      expect(await read()).toBe(before);
    }
    expect((await pin({ confirm: 'production' }))[0]).toBe(true);
  });

  test('no credential is shown, and without them nothing is written', async () => {
    const kubeconfig = join(workspaceRoot, 'expired');
    const { server, context } = cluster();
    await writeFile(
      kubeconfig,
      stringify({
        clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: { token: 'sesame' } }],
        contexts: [{ name: context, context: { cluster: 'c', user: 'u' } }],
      }),
    );
    await write({ kubeconfig });
    const before = await read();
    const error: unknown = await pin().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ApiError', status: 401 });
    expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
    expect(await read()).toBe(before);
  });

  test('an embedded cluster needs none', async () => {
    const embedded = {
      ...(await environment()),
      cluster: { provider: 'embedded', nodes: [] },
    } as const;
    await expect(pinCluster(embedded)).rejects.toMatchObject({
      name: 'ClusterError',
      code: 'not-ours',
      message: expect.stringContaining('an embedded one') as string,
    });
  });
});

test('a server whose certificate is not verified is warned of', async () => {
  const identity = { ...(await cluster().identity()), caSha256: 'insecure' };
  const lines = formatFoundCluster({
    environment: 'production',
    kubeconfig: 'k',
    context: 'c',
    identity,
    pinned: identity,
    differences: [],
  });
  expect(lines.at(-1)).toMatch(/^Warning: .*does not verify the certificate/);
});
