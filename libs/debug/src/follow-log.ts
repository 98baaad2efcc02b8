import { createInterface } from 'node:readline';
import { type Cluster, kubectlProgram } from '@prow-deploy/cluster';

export interface FollowLogOptions {
  readonly cluster: Pick<Cluster, 'kubeconfig' | 'context'>;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Only what was logged since, in seconds. Default: all. */
  readonly sinceSeconds?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onLine: (line: string) => void;
}

/** Follows a container's log until the container ends, the connection breaks, or the signal comes. */
export async function followLog(options: FollowLogOptions): Promise<void> {
  const { cluster, namespace, pod, container, sinceSeconds, signal, onLine } = options;
  const { execa } = await import('execa');
  const child = execa(
    await kubectlProgram(),
    [
      `--kubeconfig=${cluster.kubeconfig}`,
      `--context=${cluster.context}`,
      `--namespace=${namespace}`,
      'logs',
      pod,
      `--container=${container}`,
      '--follow',
      ...(sinceSeconds === undefined ? [] : [`--since=${sinceSeconds}s`]),
    ],
    {
      // The log goes on until we have put back what was there, also where the terminal tells the whole group to end.
      detached: true,
      stdin: 'ignore',
      buffer: false,
      reject: false,
      ...(signal ? { cancelSignal: signal } : {}),
    },
  );
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', onLine);
  await child;
}
