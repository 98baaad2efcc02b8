import { apiPath, type KubernetesObject } from '@prow-deploy/apply';
import type { Component } from './component.ts';
import type { SmokeContext } from './smoke-check.ts';

export interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: { readonly running?: object; readonly terminated?: object };
  readonly lastState?: { readonly terminated?: { readonly finishedAt?: string } };
}

const POD = { apiVersion: 'v1', resource: 'pods', namespaced: true } as const;

/** The pods of a component that are not going away, of its latest template where the older ones are on their way out. */
export async function podsOf(
  { cluster, signal }: Pick<SmokeContext, 'cluster' | 'signal'>,
  { namespace, selector }: Pick<Component, 'namespace' | 'selector'>,
): Promise<readonly KubernetesObject[]> {
  const labelSelector = Object.entries(selector)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const { body } = await cluster.request({
    path: apiPath(POD, { namespace }),
    query: { labelSelector },
    signal,
  });
  const { items } = body as { items?: readonly KubernetesObject[] | null };
  return (items ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** Whether a pod says that it is ready. */
export function isReady(pod: KubernetesObject): boolean {
  const { conditions = [] } = (pod['status'] ?? {}) as PodStatus;
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Where the proxy reaches a port of a pod. */
export function podProxy({ metadata }: KubernetesObject, port: number): string {
  return `/api/v1/namespaces/${metadata.namespace ?? 'default'}/pods/${metadata.name}:${port}/proxy`;
}
