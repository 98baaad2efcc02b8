import type { KubernetesObject } from '@prow-deploy/apply';
import { selectorOf } from './endpoint-problem.ts';

/** Whether a Service selects workloads of the manifest, and all of them are asked to have no pods. Pure. */
export function isScaledToZero(
  service: KubernetesObject,
  objects: readonly KubernetesObject[],
): boolean {
  const selector = Object.entries(selectorOf(service) ?? {});
  const selected = objects.filter(({ kind, metadata, spec }) => {
    if (!['Deployment', 'StatefulSet', 'ReplicaSet'].includes(kind)) return false;
    if (metadata.namespace !== service.metadata.namespace) return false;
    const { template } = (spec ?? {}) as {
      template?: { metadata?: { labels?: Readonly<Record<string, string>> } };
    };
    const labels = template?.metadata?.labels ?? {};
    return selector.every(([label, value]) => labels[label] === value);
  });
  return (
    selected.length > 0 &&
    selected.every(({ spec }) => (spec as { replicas?: number } | undefined)?.replicas === 0)
  );
}
