import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../api-error.ts';
import type { Cluster, ClusterState } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { withClusterLock } from '../embedded/cluster-lock.ts';
import { embeddedFolder } from '../embedded/embedded-folder.ts';
import { connectKubevirtci } from './connect-kubevirtci.ts';
import { kubevirtciFolder, type KubevirtciOptions, runScript } from './scripts.ts';

/** How long the API server and the nodes may take once up.sh is done, in milliseconds. */
const READY_WITHIN_MS = 300_000;
/** How long a cluster that runs may take to answer before it counts as broken. */
const RUNNING_WITHIN_MS = 15_000;
const POLL_MS = 1000;
/** What kubevirtci asks for. */
const NEEDED_BYTES = 16 * 2 ** 30;

export interface KubevirtciTimes {
  /** Default: 5 minutes. */
  readonly readyWithinMs?: number;
  /** Default: 15 seconds. */
  readonly runningWithinMs?: number;
}

/** See {@link clusterUp}. One that is half up is taken down first. */
export async function kubevirtciUp(
  options: KubevirtciOptions,
  times: KubevirtciTimes = {},
): Promise<ClusterState> {
  return locked(options, async (held) => {
    const running = await lookAt(held, times.runningWithinMs ?? RUNNING_WITHIN_MS);
    if (running.state !== undefined) return { ...running.state, started: false };
    if (running.exists) {
      options.onProgress?.(
        `The cluster of ${options.environment} is started anew, because it does not work: ${running.why}`,
      );
    }
    // Also where there is no kubeconfig: what a start left that was killed is in the way of the next.
    await down(held);
    return { ...(await start(held, times)), started: true };
  });
}

/** See {@link clusterReset}. */
export async function kubevirtciReset(
  options: KubevirtciOptions,
  times: KubevirtciTimes = {},
): Promise<ClusterState> {
  return locked(options, async (held) => {
    await down(held);
    return { ...(await start(held, times)), started: true };
  });
}

async function locked(
  options: KubevirtciOptions,
  work: (held: KubevirtciOptions) => Promise<Omit<ClusterState, 'durationMs'>>,
): Promise<ClusterState> {
  const startedAt = Date.now();
  await kubevirtciFolder(options);
  const state = await withClusterLock(embeddedFolder(options), options, (signal) =>
    work({ ...options, signal }),
  );
  return { ...state, durationMs: Date.now() - startedAt };
}

/** See {@link clusterDown}. */
export async function kubevirtciDown(options: KubevirtciOptions): Promise<void> {
  await kubevirtciFolder(options);
  await withClusterLock(embeddedFolder(options), options, () => down(options));
}

type State = Omit<ClusterState, 'started' | 'durationMs'>;
type Look =
  | { readonly state: State }
  | { readonly state?: undefined; readonly exists: boolean; readonly why: string };

async function start(options: KubevirtciOptions, times: KubevirtciTimes): Promise<State> {
  const { environment, spec, signal, onProgress } = options;
  const folder = await kubevirtciFolder(options);
  const doubts = machineDoubts();
  for (const doubt of doubts) onProgress?.(`kubevirtci may fail here: ${doubt}`);
  try {
    const { failed, how, end } = await runScript({
      folder,
      script: 'up.sh',
      spec,
      signal,
      onLine: (line) => onProgress?.(`up.sh: ${line}`),
    });
    if (failed) throw startFailed(environment, `up.sh ended with ${how}`, doubts, end);
    const looked = await lookAt(options, times.readyWithinMs ?? READY_WITHIN_MS);
    if (looked.state === undefined) {
      throw startFailed(environment, `up.sh is done, and yet ${looked.why}`, doubts, end);
    }
    return looked.state;
  } catch (error) {
    onProgress?.(`Taking down what was started of the cluster of ${environment}`);
    // What went wrong first is said; that this fails too shows at the next start, which takes it down again.
    await down({ ...options, signal: undefined }).catch((cause: unknown) => {
      onProgress?.((cause as Error).message);
    });
    throw error;
  }
}

function startFailed(
  environment: string,
  what: string,
  doubts: readonly string[],
  end: string,
): ClusterError {
  return new ClusterError(
    'start-failed',
    [
      `Cannot start the kubevirtci cluster of ${environment}: ${what}. What was started is taken down again.`,
      ...doubts.map((doubt) => `  It may be that ${doubt}.`),
      ...(end === '' ? [] : ['The last lines of up.sh:', end]),
    ].join('\n'),
  );
}

/** What kubevirtci asks for, and this machine does not have. Its kinds differ, so it is the scripts that decide. */
export function machineDoubts(
  machine = { memoryBytes: totalmem(), hasKvm: existsSync('/dev/kvm') },
): string[] {
  const { memoryBytes, hasKvm } = machine;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return [
    // Of 16 GiB the kernel keeps some to itself.
    ...(memoryBytes < NEEDED_BYTES * 0.95
      ? [`this machine has ${gib(memoryBytes)} of memory, and its virtual machines need 16 GiB`]
      : []),
    ...(hasKvm
      ? []
      : ['there is no /dev/kvm, which its virtual machines need: turn virtualisation on']),
  ];
}

async function down(options: KubevirtciOptions): Promise<void> {
  const { environment, spec, signal, onProgress } = options;
  const { failed, how, end } = await runScript({
    folder: await kubevirtciFolder(options),
    script: 'down.sh',
    spec,
    signal,
    onLine: (line) => onProgress?.(`down.sh: ${line}`),
  });
  if (!failed) return;
  throw new ClusterError(
    'stop-failed',
    `Cannot stop the kubevirtci cluster of ${environment}: down.sh ended with ${how}. Its last lines:\n${end}`,
  );
}

// Whether there is a cluster that works.
async function lookAt(options: KubevirtciOptions, withinMs: number): Promise<Look> {
  const { signal, onProgress, environment } = options;
  let cluster: Cluster;
  try {
    cluster = await connectKubevirtci(options);
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'not-running') throw error;
    return { exists: false, why: error.message };
  }
  const { server, kubeconfig, context } = cluster;
  const deadline = Date.now() + withinMs;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { nodes, why } = await readNodes(cluster);
      if (why === undefined) return { state: { environment, server, kubeconfig, context, nodes } };
      if (Date.now() > deadline) return { exists: true, why };
      onProgress?.(`Waiting for the cluster of ${environment}: ${why}`);
      await sleep(POLL_MS, undefined, { signal });
    }
  } finally {
    cluster.close();
  }
}

async function readNodes(
  cluster: Cluster,
): Promise<{ readonly nodes: readonly string[]; readonly why?: string }> {
  try {
    const { body } = await cluster.request({ path: '/api/v1/nodes', timeoutMs: 5000 });
    const { items } = body as { readonly items: readonly Node[] };
    const nodes = items.map(({ metadata }) => metadata.name).sort();
    const waiting = items.filter(
      ({ status: { conditions = [] } }) =>
        !conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    );
    if (nodes.length === 0) return { nodes, why: 'it has no node' };
    const names = waiting.map(({ metadata }) => metadata.name).join(', ');
    return waiting.length === 0 ? { nodes } : { nodes, why: `not ready: ${names}` };
  } catch (error) {
    if (!(error instanceof ClusterError || error instanceof ApiError)) throw error;
    return { nodes: [], why: error.message };
  }
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
