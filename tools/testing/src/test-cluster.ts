import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, clusterDown, clusterUp, connect } from '@prow-deploy/cluster';
import { afterAll, beforeAll } from 'vitest';

const START_TIMEOUT_MS = 120_000;

/**
 * An embedded cluster for all tests of a file: a real API server with its controllers, one simulated node, in a folder
 * of its own that is removed with it. Call it once, at the top of the file, and its result in the tests.
 */
export function useTestCluster(environment: string): () => Cluster {
  let workspaceRoot = '';
  let cluster: Cluster | undefined;
  const options = () => ({
    environment,
    workspaceRoot,
    spec: { provider: 'embedded' as const, nodes: [{ name: 'node01' }] },
  });
  beforeAll(async () => {
    workspaceRoot = await mkdtemp(join(tmpdir(), `prow-deploy-${environment}-`));
    await clusterUp(options());
    cluster = await connect(options());
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    cluster?.close();
    await clusterDown(options());
    await rm(workspaceRoot, { recursive: true, force: true });
  }, START_TIMEOUT_MS);
  return () => {
    if (cluster === undefined) throw new Error('The test cluster is not up yet.');
    return cluster;
  };
}
