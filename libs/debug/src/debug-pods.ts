import { status } from '@prow-deploy/apply';
import { ApiError, type Cluster } from '@prow-deploy/cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { DebugError } from './debug-error.ts';
import { DEBUG_LABEL } from './debug-pod.ts';
import type { ContainerStatus, Pod } from './pod.ts';

const POLL_MS = 300;
const REMOVED_WITHIN_MS = 60_000;

/** The pods of a namespace that are selected; all of them without a selector. */
export async function listPods(
  cluster: Pick<Cluster, 'request'>,
  namespace: string,
  labelSelector: string,
): Promise<readonly Pod[]> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const { body } = await cluster.request({ path, query: { labelSelector } });
  return (body as { readonly items: readonly Pod[] }).items;
}

/** The pods of all debugging sessions of a component. */
export function debugPods(
  cluster: Pick<Cluster, 'request'>,
  namespace: string,
  component: string,
): Promise<readonly Pod[]> {
  return listPods(cluster, namespace, `${DEBUG_LABEL}=${component}`);
}

/** The state of a pod's container; undefined where it is not known yet. */
export function containerState(pod: Pod, container: string): ContainerStatus['state'] {
  return pod.status?.containerStatuses?.find(({ name }) => name === container)?.state;
}

export interface PodOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly namespace: string;
  readonly name: string;
}

/** Reads a pod; undefined where it is not there. */
export async function readPod({ cluster, namespace, name }: PodOptions): Promise<Pod | undefined> {
  try {
    return (await cluster.request({ path: `/api/v1/namespaces/${namespace}/pods/${name}` }))
      .body as Pod;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

export interface WaitOptions extends PodOptions {
  readonly container: string;
  /** How long the container may take to start, in milliseconds. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Waits until the container runs, or ran. @throws {DebugError} `not-started`, with the reason. */
export async function waitUntilStarted(options: WaitOptions): Promise<Pod> {
  const { name, container, deadlineMs, signal, onProgress } = options;
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    signal?.throwIfAborted();
    const pod = await readPod(options);
    if (pod === undefined) throw notStarted(name, 'somebody deleted it');
    const { running, terminated } = containerState(pod, container) ?? {};
    if (running !== undefined || terminated !== undefined) return pod;
    const state = status({ apiVersion: 'v1', kind: 'Pod', ...pod });
    const isLate = Date.now() > deadline;
    if (state.status === 'Failed' || isLate) {
      const event = await lastWarning(options, pod);
      throw notStarted(name, [state.reason, event].filter(Boolean).join('; '));
    }
    onProgress?.(`Waiting for pod ${name}: ${state.reason}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function lastWarning(
  { cluster, namespace }: PodOptions,
  { metadata }: Pod,
): Promise<string | undefined> {
  const { body } = await cluster.request({
    path: `/api/v1/namespaces/${namespace}/events`,
    query: { fieldSelector: `involvedObject.uid=${metadata.uid ?? ''},type=Warning` },
  });
  const { items } = body as { readonly items: readonly { reason?: string; message?: string }[] };
  const last = items.at(-1);
  return last === undefined ? undefined : `${last.reason ?? ''}: ${last.message ?? ''}`;
}

function notStarted(name: string, why: string): DebugError {
  return new DebugError('not-started', `Cannot debug: pod ${name} does not start: ${why}.`);
}

/** Deletes a pod and waits until it is gone. @throws {DebugError} `left-over` */
export async function removePod(options: PodOptions): Promise<void> {
  const { cluster, namespace, name } = options;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const deadline = Date.now() + REMOVED_WITHIN_MS;
  let cause: unknown;
  do {
    try {
      await cluster.request({ method: 'DELETE', path, query: { gracePeriodSeconds: 5 } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return;
      cause = error;
    }
    await sleep(POLL_MS);
  } while (Date.now() < deadline);
  throw new DebugError(
    'left-over',
    `Cannot remove pod ${namespace}/${name} of this session: it is still there after ${REMOVED_WITHIN_MS / 1000} s. Delete it: kubectl --namespace ${namespace} delete pod ${name}`,
    { cause },
  );
}
