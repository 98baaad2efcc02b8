import {
  apply,
  type ApplyResult,
  checkRecord,
  readManifest,
  type RecordCheck,
} from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';

/** What the caller of apply and verify knows of the work. */
export const RECORD = { hash: '1234', manifestDigest: 'manifest', secretsDigest: 'secrets' };

/** Applies a manifest as the environment of that name, whose Prow namespace has the same name. */
export async function applyText(
  cluster: Cluster,
  environment: string,
  text: string,
): Promise<ApplyResult> {
  return apply({
    cluster,
    environment,
    inventoryNamespace: environment,
    objects: await readManifest(text),
    record: RECORD,
    settleTimeoutMs: 20_000,
  });
}

/** Whether the cluster still is as the last successful verify left it. */
export function checkVerified(cluster: Cluster, environment: string): Promise<RecordCheck> {
  return checkRecord({ ...RECORD, cluster, inventoryNamespace: environment, kind: 'verify' });
}

export { readManifest };
