import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';

/** Where an embedded cluster keeps all that it has. */
export interface EmbeddedFolder {
  readonly environment: string;
  /** `<workspace root>/.cluster`, which all embedded clusters of a clone share. */
  readonly parent: string;
  /** `<workspace root>/.cluster/<environment>`, mode 0700. */
  readonly path: string;
  /** Held while the cluster is started or stopped; beside the folder, because the folder comes and goes. */
  readonly lock: string;
  /** What {@link readRecord} reads. */
  readonly record: string;
  /** The kubeconfig for people, mode 0600. */
  readonly kubeconfig: string;
  /** Logs of the last start that failed. */
  readonly failedStart: string;
  /** KWOK_WORKDIR. */
  readonly kwok: string;
  /** The KwokctlConfiguration. */
  readonly kwokctlConfiguration: string;
  /** Unlike that of any other clone or environment on this machine. */
  readonly clusterName: string;
  /** Where kwokctl keeps data, logs and keys: a folder below {@link kwok}. */
  readonly controlPlane: string;
}

/** @throws {ClusterError} `start-failed` when the environment's name cannot be a folder's. */
export function embeddedFolder({
  environment,
  workspaceRoot,
}: Pick<ClusterOptions, 'environment' | 'workspaceRoot'>): EmbeddedFolder {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(environment)) {
    throw new ClusterError(
      'start-failed',
      `Cannot keep a cluster for the environment ${JSON.stringify(environment)}: its name is no folder name. ` +
        'Use letters, digits, "-", "_" and ".".',
    );
  }
  const parent = join(workspaceRoot, '.cluster');
  const path = join(parent, environment);
  const kwok = join(path, 'kwok');
  const clusterName = `prow-deploy-${environment}-${folderHash(path).toString('hex')}`;
  return {
    environment,
    parent,
    path,
    lock: join(parent, `${environment}.lock`),
    record: join(path, 'cluster.json'),
    kubeconfig: join(path, 'kubeconfig'),
    failedStart: join(path, 'failed-start'),
    kwok,
    kwokctlConfiguration: join(path, 'kwokctl.json'),
    clusterName,
    controlPlane: join(kwok, 'clusters', clusterName),
  };
}

/** Four bytes that differ between clones and environments. */
export function folderHash(path: string): Buffer {
  return createHash('sha256').update(path).digest().subarray(0, 4);
}
