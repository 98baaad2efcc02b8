import type { Environment } from '@prow-deploy/environment';
import {
  fillPlaceholders,
  readSecretValues,
  requireSecretsDigest,
  secretsDigest,
  withoutStandIns,
} from '@prow-deploy/secrets';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { readManifest } from '../read-manifest.ts';
import type { RecordValues } from '../record.ts';
import { readRendered, type Rendered } from './read-rendered.ts';

/** A manifest, the digests of what it is made of, and a way to its objects. */
export interface EnvironmentObjects extends Rendered, Omit<RecordValues, 'hash'> {
  /**
   * Reads the objects and puts the bytes of the secrets in: never to be written or shown.
   *
   * @throws {ManifestError} {SecretsError}
   */
  readonly objects: () => Promise<readonly KubernetesObject[]>;
}

/**
 * Reads what kustomize-build left, or takes another manifest of the environment, and knows how to put the environment's
 * secrets in, in memory.
 *
 * @throws {NotBuiltError} {SecretsError}
 */
export async function readEnvironmentObjects(
  environment: Environment,
  earlier?: Rendered,
): Promise<EnvironmentObjects> {
  const [rendered, digest] = await Promise.all([
    earlier ?? readRendered(environment),
    secretsDigest(environment),
  ]);
  return {
    ...rendered,
    secretsDigest: digest,
    objects: async () => {
      const [objects, values] = await Promise.all([
        readManifest(rendered.manifest),
        readSecretValues(environment),
      ]);
      const wanted = await withoutStandIns(environment, objects);
      // What the digest does not belong to must not be recorded under it.
      await requireSecretsDigest(environment, digest);
      return fillPlaceholders(wanted, values);
    },
  };
}
