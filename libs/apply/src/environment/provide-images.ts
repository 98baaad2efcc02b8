import { gunzipSync } from 'node:zlib';
import { clusterOptionsOf } from './connect-environment.ts';
import type { ClusterOptions } from '@prow-deploy/cluster';
import type { Environment } from '@prow-deploy/environment';
import { imagesOf } from '../images-of.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { identify, referenceKey } from '../object-reference.ts';

/**
 * Brings the images of the manifest to the environment's node, where the cluster is one of a node; elsewhere the cluster
 * gets them by itself.
 *
 * @returns why workloads cannot run, by reference key: those of which an image can be had in no way.
 * @throws {ClusterError} {ToolchainError} see `provideImages` of the cluster's library.
 */
export async function provideImages(
  environment: Environment,
  objects: readonly KubernetesObject[],
  rest: Pick<ClusterOptions, 'signal' | 'onProgress'> = {},
): Promise<ReadonlyMap<string, string>> {
  if (environment.cluster.provider !== 'node') return new Map();
  const { builtImagesIn, provideImages: bring } = await import('@prow-deploy/cluster/node');
  const absent = await bring({
    ...clusterOptionsOf(environment, rest),
    images: [...objects.flatMap(imagesOf), ...configurationOf(objects).flatMap(builtImagesIn)],
  });
  return cannotRun(objects, absent);
}

// The texts of the ConfigMaps: some name the images of the jobs and of what is put beside them.
function configurationOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ data, binaryData }) => [
      ...Object.values((data ?? {}) as Readonly<Record<string, string>>),
      ...Object.values((binaryData ?? {}) as Readonly<Record<string, string>>).map(unzipped),
    ]);
}

// As Prow keeps files that are large; anything else names no image.
function unzipped(base64: string): string {
  try {
    return gunzipSync(Buffer.from(base64, 'base64')).toString('utf8');
  } catch {
    return '';
  }
}

/** The workloads that cannot run without these images, each with the reason. Pure. */
export function cannotRun(
  objects: readonly KubernetesObject[],
  absent: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map(
    objects.flatMap((object): [string, string][] => {
      const image = imagesOf(object).find((name) => absent.has(name));
      if (image === undefined) return [];
      const reason = `its image ${image} cannot be had: ${absent.get(image) ?? ''}`;
      return [[referenceKey(identify(object)), reason]];
    }),
  );
}
