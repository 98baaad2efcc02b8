import { items } from './fields.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { podTemplateOf } from './restarts/pod-template.ts';

/** The images that a workload's pods run; none for what has no pods. Pure. */
export function imagesOf(object: KubernetesObject): readonly string[] {
  const spec = podTemplateOf(object)?.spec ?? {};
  const containers = [...items(spec['initContainers']), ...items(spec['containers'])];
  const images = containers.map(({ image }) => image).filter((image) => typeof image === 'string');
  return [...new Set(images)];
}
