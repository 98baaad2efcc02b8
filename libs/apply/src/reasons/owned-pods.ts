import { fields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf } from '../object-reference.ts';

// By API group and kind.
const WORKLOADS: ReadonlySet<string> = new Set([
  '/ReplicationController',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
]);

/** Whether a kind has pods that tell why it does not settle. */
export function isWorkload({
  apiVersion,
  kind,
}: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return WORKLOADS.has(`${groupOf(apiVersion)}/${kind}`);
}

interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** Pods by what owns them. */
export class OwnedPods {
  readonly #byOwner = new Map<string, KubernetesObject[]>();

  constructor(pods: readonly KubernetesObject[]) {
    for (const pod of pods) {
      const owner = ownerOf(pod);
      if (owner === undefined || pod.metadata.deletionTimestamp !== undefined) continue;
      const siblings = this.#byOwner.get(owner);
      if (siblings === undefined) this.#byOwner.set(owner, [pod]);
      else siblings.push(pod);
    }
  }

  /**
   * The pods of a workload, the youngest first. Those of a Deployment are of its latest template: what is wrong with
   * an older one is no reason to wait any more.
   */
  of(workload: KubernetesObject): readonly KubernetesObject[] {
    const { name, uid = '' } = workload.metadata;
    const isDeployment = workload.kind === 'Deployment';
    const pods = this.#byOwner.get(isDeployment ? deploymentKey(name) : uid) ?? [];
    const sorted = pods.toSorted((a, b) => madeAt(b) - madeAt(a));
    if (!isDeployment) return sorted;
    // None is of the latest template: the ones that are there will go.
    if (!fields(workload['status'])['updatedReplicas']) return [];
    const latest = templateHash(sorted[0]);
    return sorted.filter((pod) => templateHash(pod) === latest);
  }
}

// The ReplicaSets of a Deployment have its name, and the hash of their template.
function ownerOf(pod: KubernetesObject): string | undefined {
  const owners = pod.metadata['ownerReferences'] as readonly OwnerReference[] | undefined;
  const owner = owners?.find(({ controller }) => controller === true);
  const hash = templateHash(pod);
  if (owner?.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return deploymentKey(owner.name.slice(0, -hash.length - 1));
  }
  return owner?.uid;
}

function deploymentKey(name: string): string {
  return `Deployment ${name}`;
}

function templateHash(pod: KubernetesObject | undefined): string | undefined {
  return pod?.metadata.labels?.['pod-template-hash'];
}

function madeAt({ metadata }: KubernetesObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}
