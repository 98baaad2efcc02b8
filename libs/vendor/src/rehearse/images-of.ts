import { type KubernetesObject } from '@prow-deploy/audit';

const LISTS = new Set(['containers', 'initContainers', 'ephemeralContainers']);

/** The image of each container of an object, by the container's name, at whatever depth its pods are described. */
export function imagesOf(object: KubernetesObject): Map<string, string> {
  const images = new Map<string, string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [field, member] of Object.entries(value)) {
        if (LISTS.has(field) && Array.isArray(member)) member.forEach(note);
        visit(member);
      }
    }
  };
  const note = (container: unknown): void => {
    const { name, image } = (container ?? {}) as Record<string, unknown>;
    if (typeof name === 'string' && typeof image === 'string') images.set(name, image);
  };
  // A definition describes fields of that name, too.
  if (object.kind !== 'CustomResourceDefinition') visit(object['spec']);
  return images;
}
