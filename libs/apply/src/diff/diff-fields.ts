import { differingPaths } from '../differing-paths.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { without } from '../without.ts';
export interface FieldChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}
export interface DiffFieldsOptions {
  readonly secretDigest: (value: string) => string;
}
function comparable(object: KubernetesObject): Record<string, unknown> {
  const metadata = without(
    object.metadata,
    'managedFields',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'uid',
  );
  return { ...without(object, 'apiVersion', 'kind', 'status'), metadata };
}
export function diffFields(
  live: KubernetesObject,
  next: KubernetesObject,
  _options: DiffFieldsOptions,
): FieldChange[] {
  return differingPaths(comparable(live), comparable(next)).map((path) => ({ path }));
}
