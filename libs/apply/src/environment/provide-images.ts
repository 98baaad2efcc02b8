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
  const { provideImages: bring } = await import('@prow-deploy/cluster');
  const absent = await bring({
    ...clusterOptionsOf(environment, rest),
    images: objects.flatMap(imagesOf),
  });
  return cannotRun(objects, absent);
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
