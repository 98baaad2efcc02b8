import { status } from '@prow-deploy/apply';
import { ApiError, type Cluster } from '@prow-deploy/cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { DebugError } from './debug-error.ts';
import { DEBUG_LABEL } from './debug-pod.ts';
import type { ContainerStatus, Pod } from './pod.ts';

const POLL_MS = 300;
const REMOVED_WITHIN_MS = 3000;
/** For the program to end in good order, in seconds. */
const GRACE_SECONDS = 2;
const TRIES = 5;

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
    if (isAbsent(error)) return undefined;
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

/**
 * Deletes a pod. Once the API server has taken that, the cluster removes it whatever happens here; that it is gone is
 * waited for only shortly, because after Ctrl-C there are a few seconds.
 *
 * @returns whether it is gone; else it is on its way.
 * @throws {DebugError} `left-over` where the API server did not take it.
 */
export async function removePod(options: PodOptions): Promise<boolean> {
  const { cluster, namespace, name } = options;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const query = { gracePeriodSeconds: GRACE_SECONDS };
  try {
    await retried(() => cluster.request({ method: 'DELETE', path, query }));
  } catch (cause) {
    if (isAbsent(cause)) return true;
    throw new DebugError(
      'left-over',
      `Cannot remove pod ${namespace}/${name} of this session: ${(cause as Error).message} Delete it: kubectl --namespace ${namespace} delete pod ${name}`,
      { cause },
    );
  }
  const deadline = Date.now() + REMOVED_WITHIN_MS;
  while (Date.now() < deadline) {
    if ((await readPod(options)) === undefined) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function retried(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (isAbsent(error) || tries === TRIES) throw error;
      await sleep(tries * POLL_MS);
    }
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
