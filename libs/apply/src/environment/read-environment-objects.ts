import type { Environment } from '@prow-deploy/environment';
import { fillPlaceholders, readSecretValues, secretsDigest } from '@prow-deploy/secrets';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { readManifest } from '../read-manifest.ts';
import type { RecordValues } from '../record.ts';
import { readRendered } from './read-rendered.ts';

/** An environment's objects as they go to its cluster, and the digests of what they were made of. */
export interface EnvironmentObjects extends Omit<RecordValues, 'hash'> {
  /** With the bytes of the secrets: never to be written or shown. */
  readonly objects: readonly KubernetesObject[];
}

/**
 * Reads what kustomize-build left and puts the environment's secrets in, in memory.
 *
 * @throws {NotBuiltError} {ManifestError} {SecretsError}
 */
export async function readEnvironmentObjects(
  environment: Environment,
): Promise<EnvironmentObjects> {
  const [{ manifest, manifestDigest }, values, digest] = await Promise.all([
    readRendered(environment),
    readSecretValues(environment),
    secretsDigest(environment),
  ]);
  return {
    objects: fillPlaceholders(await readManifest(manifest), values),
    manifestDigest,
    secretsDigest: digest,
  };
}
