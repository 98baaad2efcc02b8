import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@prow-deploy/cluster';
import type { Component } from './component.ts';
import { DEBUGGER_ANNOTATION, debugPod } from './debug-pod.ts';
import {
  containerState,
  debugPods,
  listPods,
  readPod,
  removePod,
  waitUntilStarted,
} from './debug-pods.ts';
import { followLog } from './follow-log.ts';
import type { Pod } from './pod.ts';

export interface DebugComponentOptions {
  readonly cluster: Pick<Cluster, 'request' | 'kubeconfig' | 'context'>;
  readonly component: Component;
  /** What is run in place of the component's image. Default: the component's own. */
  readonly image?: string | undefined;
  /** How long the container may take to start, in milliseconds. */
  readonly startTimeoutMs: number;
  /** When the cluster ends the session by itself, in seconds: it is no more than a safeguard. */
  readonly deadlineSeconds: number;
  /** Ends the session. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Told when the container runs. */
  readonly onStarted?: ((pod: string) => void) | undefined;
  /** Told when the pod is removed: whether it is gone, or still on its way. */
  readonly onRemoved?: ((pod: string, gone: boolean) => void) | undefined;
  /** Receives each line of the log. */
  readonly onLine: (line: string) => void;
}

/** How long the last lines of the log may take once the pod is removed. */
const LAST_LINES_MS = 500;

/** How a session ended. */
export interface DebugResult {
  readonly pod: string;
  /** How the program ended by itself; absent where the session was ended. */
  readonly exitCode?: number;
  /** As the kubelet calls it, such as `OOMKilled`. */
  readonly reason?: string;
}

/**
 * Runs a component by hand, in a pod of its own beside the running ones, until it ends by itself or the signal comes, and
 * shows its log. Nothing that runs is touched, and the pod is gone afterwards, however the session ends. Where this
 * process is killed, the next session of the component on this machine removes the pod, and the cluster does so at
 * the deadline.
 *
 * Not an ephemeral container: it would share the network of the pod, where the ports are taken, and stay in the pod.
 *
 * @throws {DebugError} `not-started`, `left-over`
 * @throws {ApiError} {ClusterError}
 */
export async function debugComponent(options: DebugComponentOptions): Promise<DebugResult> {
  const { cluster, component, image, startTimeoutMs, deadlineSeconds, signal, onLine } = options;
  const { namespace, container } = component;
  await removeAbandoned(options);
  const name = `debug-${component.name}-${randomBytes(3).toString('hex')}`.slice(-63);
  const place = { cluster, namespace, name };
  const pod = debugPod({
    component,
    name,
    image,
    debugger: `${userInfo().username}@${hostname()} ${process.pid}`,
    node: await nodeOfVolumes(options),
    deadlineSeconds,
  });
  signal?.throwIfAborted();
  let log: Promise<void> | undefined;
  try {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    await cluster.request({ method: 'POST', path, body: pod });
    await waitUntilStarted({
      ...place,
      container: container.name,
      deadlineMs: startTimeoutMs,
      signal,
      onProgress: options.onProgress,
    });
    options.onStarted?.(name);
    log = followLog({ cluster, namespace, pod: name, container: container.name, onLine });
    return { pod: name, ...(await untilEnd(options, name, log)) };
  } finally {
    const gone = await removePod(place);
    await Promise.race([log, sleep(LAST_LINES_MS)]);
    options.onRemoved?.(name, gone);
  }
}

// Until the program ends, or the session is. Where only the connection broke, the log goes on.
async function untilEnd(
  { cluster, component, signal, onLine }: DebugComponentOptions,
  name: string,
  log: Promise<void>,
): Promise<Omit<DebugResult, 'pod'>> {
  const { namespace, container } = component;
  const ended = new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => {
      resolve();
    });
  });
  let following = log;
  for (;;) {
    await Promise.race([following, ended]);
    if (signal?.aborted === true) return {};
    const pod = await readPod({ cluster, namespace, name });
    if (pod === undefined) return { reason: 'the pod was deleted' };
    const terminated = containerState(pod, container.name)?.terminated;
    if (terminated !== undefined) {
      const { exitCode, reason } = terminated;
      return { exitCode, ...(reason === undefined ? {} : { reason }) };
    }
    following = followLog({
      cluster,
      namespace,
      pod: name,
      container: container.name,
      sinceSeconds: 1,
      signal,
      onLine,
    });
  }
}

// What a process of this machine left that was killed.
async function removeAbandoned({
  cluster,
  component,
  onProgress,
}: DebugComponentOptions): Promise<void> {
  const { namespace, name } = component;
  for (const { metadata } of await debugPods(cluster, namespace, name)) {
    const [user = '', pid = ''] = (metadata.annotations?.[DEBUGGER_ANNOTATION] ?? '').split(' ');
    if (!user.endsWith(`@${hostname()}`) || isRunning(Number(pid))) continue;
    onProgress?.(`Removing pod ${metadata.name} of a session that was killed`);
    await removePod({ cluster, namespace, name: metadata.name });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// Where the component has a volume that one node at a time may have: the node of its running pod.
async function nodeOfVolumes({
  cluster,
  component,
}: DebugComponentOptions): Promise<string | undefined> {
  const { template, namespace } = component;
  const volumes = template.spec['volumes'];
  const hasClaim =
    Array.isArray(volumes) &&
    volumes.some((volume: { persistentVolumeClaim?: unknown }) => volume.persistentVolumeClaim);
  if (!hasClaim) return undefined;
  const labels = Object.entries(template.metadata?.labels ?? {});
  const selector = labels.map(([key, value]) => `${key}=${value}`).join(',');
  const pods = await listPods(cluster, namespace, selector);
  const running = pods.find(({ status }: Pod) => status?.phase === 'Running');
  const node = running?.spec['nodeName'];
  return typeof node === 'string' ? node : undefined;
}
