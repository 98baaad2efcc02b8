import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, clusterDown, clusterUp, connect } from '@prow-deploy/cluster';
import { toolVersion } from '@prow-deploy/toolchain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiDataFile, knownVersions, minorVersion, readApiData } from './api-data.ts';
import { compactOpenApi, type OpenApiDocument } from './compact-open-api.ts';

const START_TIMEOUT_MS = 120_000;

describe('The data of the Kubernetes version in the toolchain', () => {
  const minor = minorVersion(toolVersion('kube-apiserver'));
  let workspaceRoot = '';
  let cluster: Cluster;
  const options = () => ({
    environment: 'api-data',
    workspaceRoot,
    spec: { provider: 'embedded' as const, nodes: [{ name: 'node01' }] },
  });
  beforeAll(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), 'prow-deploy-api-data-'));
    await clusterUp(options());
    cluster = await connect(options());
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    cluster.close();
    await clusterDown(options());
    await rm(workspaceRoot, { recursive: true, force: true });
  }, START_TIMEOUT_MS);

  // `vitest run ... --update` writes the file: that is how it was made, and how that of the next version is.
  it('is what its API server says', async () => {
    const { paths } = (await read('/openapi/v3')) as { paths: Record<string, unknown> };
    const documents = await Promise.all(
      Object.keys(paths)
        .filter((path) => path.startsWith('api'))
        .map(async (path) => (await read(`/openapi/v3/${path}`)) as OpenApiDocument),
    );
    const data = compactOpenApi(minor, documents);
    await expect(`${JSON.stringify(data, null, 2)}\n`).toMatchFileSnapshot(apiDataFile(minor));
    expect(compactOpenApi(minor, documents.reverse())).toEqual(data);
  }, 30_000);

  // The API server labels these documents text/plain.
  async function read(path: string): Promise<unknown> {
    const { body } = await cluster.request({ path });
    return typeof body === 'string' ? JSON.parse(body) : body;
  }
});

describe('readApiData', () => {
  it('knows the version of the toolchain', () => {
    expect(knownVersions()).toContain(minorVersion(toolVersion('kube-apiserver')));
  });

  it.each(['v1.36', '1.36', 'v1.36.3', 'v1.36.3+k3s1'])('takes %s for v1.36', (version) => {
    expect(readApiData(version).version).toBe('v1.36');
  });

  it('tells namespaced kinds from those of a cluster, and knows what is below a field', () => {
    const { kinds, types } = readApiData('v1.36');
    expect(kinds['apps/v1']?.['Deployment']?.scope).toBe('Namespaced');
    expect(kinds['v1']?.['Node']?.scope).toBe('Cluster');
    expect(kinds['v1']?.['Scale']).toBeUndefined();
    expect(types['io.k8s.api.core.v1.PodSpec']).toMatchObject({
      containers: '[]io.k8s.api.core.v1.Container',
      nodeSelector: '',
      securityContext: 'io.k8s.api.core.v1.PodSecurityContext',
    });
  });

  it.each(['v1.9', 'v1.361', 'latest', '', '../v1.36'])(
    'refuses "%s" with the versions it knows and the way to another',
    (version) => {
      expect(() => readApiData(version)).toThrow(
        /no data of Kubernetes .*; known: .*v1\.36.*vitest run libs\/audit/,
      );
    },
  );
});
