import { parseQuantity } from '@prow-deploy/apply';
import type { Component } from './component.ts';
import type { Container, Pod } from './pod.ts';

/** On every pod of a debugging session; its value is the name of the Deployment. */
export const DEBUG_LABEL = 'prow-deploy.kubevirt.io/debug';

/** Who runs the session: `user@host pid`. */
export const DEBUGGER_ANNOTATION = 'prow-deploy.kubevirt.io/debugger';

/** What the container may take at least. */
export const LEAST_MEMORY = '1Gi';

export interface DebugPodOptions {
  readonly component: Component;
  /** Name of the pod. */
  readonly name: string;
  /** `user@host pid` */
  readonly debugger: string;
  /** What is run in place of the component's image. Default: the component's own. */
  readonly image?: string | undefined;
  /** The node that the pod has to be on. Default: the scheduler's choice. */
  readonly node?: string | undefined;
  /** When the cluster ends the pod by itself, in seconds. */
  readonly deadlineSeconds: number;
}

/**
 * The pod of a debugging session: what the Deployment would start, with the same mounts, arguments, variables and service
 * account. It differs in that no Service, ReplicaSet or budget selects it, that its container may take at least
 * {@link LEAST_MEMORY}, is not killed for not answering, and is not started again when it ends. Pure.
 */
export function debugPod(options: DebugPodOptions): Pod & Record<'apiVersion' | 'kind', string> {
  const { component, name, image, node, deadlineSeconds } = options;
  const { template, container, namespace } = component;
  const { affinity } = template.spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { [DEBUG_LABEL]: component.name },
      annotations: {
        ...template.metadata?.annotations,
        [DEBUGGER_ANNOTATION]: options.debugger,
      },
    },
    spec: {
      ...template.spec,
      restartPolicy: 'Never',
      activeDeadlineSeconds: deadlineSeconds,
      ...(node === undefined ? {} : { affinity: onNode(affinity, node) }),
      containers: template.spec.containers.map((other) =>
        other.name === container.name ? debugged(other, image) : other,
      ),
    },
  };
}

function debugged(container: Container, image: string | undefined): Container {
  const { resources = {} } = container;
  const limit = resources.limits?.['memory'];
  const isLow = limit !== undefined && bytes(limit) < bytes(LEAST_MEMORY);
  return {
    ...container,
    livenessProbe: undefined,
    startupProbe: undefined,
    ...(image === undefined ? {} : { image, imagePullPolicy: 'IfNotPresent' }),
    resources: isLow
      ? { ...resources, limits: { ...resources.limits, memory: LEAST_MEMORY } }
      : resources,
  };
}

function bytes(quantity: string): bigint {
  return parseQuantity(quantity) ?? 0n;
}

// A volume that one node at a time may have is on that of the running pod. What the workload asks of nodes it has got.
function onNode(affinity: unknown, node: string): object {
  return {
    ...(typeof affinity === 'object' ? affinity : {}),
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] },
        ],
      },
    },
  };
}
