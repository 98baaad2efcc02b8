import type { KubernetesObject } from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import type { PodStatus } from '../smoke/pods.ts';
import type { ArtifactsFolder } from './artifacts-folder.ts';

export interface CollectLogsOptions {
  readonly cluster: Cluster;
  readonly folder: ArtifactsFolder;
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
}

const LINES = 5000;
const BYTES = 1024 * 1024;
const AT_ONCE = 8;

/** The ends of the logs of all containers of the namespaces, and of the run of each before the present one. */
export async function collectLogs(options: CollectLogsOptions): Promise<void> {
  const { cluster, folder, namespaces, signal } = options;
  if (cluster.simulated) {
    folder.miss('logs', 'pods are simulated: no container runs');
    return;
  }
  const lists = await Promise.all(
    namespaces.map(async (namespace) => {
      const { body } = await cluster.request({
        path: `/api/v1/namespaces/${namespace}/pods`,
        signal,
      });
      return (body as { items?: readonly KubernetesObject[] | null }).items ?? [];
    }),
  );
  const { default: pMap } = await import('p-map');
  await pMap(lists.flat().flatMap(logsOf), (log) => read(options, log), {
    concurrency: AT_ONCE,
    signal,
  });
}

interface Log {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

// Those that are there: a container that never started has none.
function logsOf({ metadata, status }: KubernetesObject): Log[] {
  const { initContainerStatuses = [], containerStatuses = [] } = (status ?? {}) as PodStatus;
  const shared = { namespace: metadata.namespace ?? 'default', pod: metadata.name };
  return [...initContainerStatuses, ...containerStatuses].flatMap(
    ({ name: container, restartCount = 0, state = {} }) => [
      ...((state.running ?? state.terminated) ? [{ ...shared, container, previous: false }] : []),
      ...(restartCount > 0 ? [{ ...shared, container, previous: true }] : []),
    ],
  );
}

async function read(
  { cluster, folder, signal }: CollectLogsOptions,
  { namespace, pod, container, previous }: Log,
): Promise<void> {
  const file = `logs/${namespace}/${pod}/${container}${previous ? '.previous' : ''}.log`;
  try {
    const { body } = await cluster.request({
      path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
      query: { container, previous, tailLines: LINES, limitBytes: BYTES, timestamps: true },
      accept: '*/*',
      signal,
    });
    if (typeof body === 'string') await folder.write(file, body);
  } catch (error) {
    signal.throwIfAborted();
    folder.miss(file, (error as Error).message);
  }
}
