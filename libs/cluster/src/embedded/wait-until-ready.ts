import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import { endedComponent } from './cluster-record.ts';
import type { SettleOptions } from './local-cluster.ts';
import { StartFailure } from './start-failure.ts';

interface WaitOptions extends SettleOptions {
  /** What is waited for between the API server and the ServiceAccounts: each says what is not ready, or nothing. */
  readonly steps: readonly (() => Promise<string | undefined>)[];
}

const POLL_MS = 50;
const NAMESPACES = ['default', 'kube-system'];

/**
 * Waits until the cluster can be worked with: its API server is ready, so is what the provider adds, and pods find the
 * ServiceAccount `default`.
 *
 * @throws {StartFailure} when a component ends, or the time is over; says what is not ready.
 */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const { cluster, record, deadlineMs, signal, onProgress } = options;
  const deadline = Date.now() + deadlineMs;
  let told = '';
  const steps: readonly (() => Promise<string | undefined>)[] = [
    () => apiServerNotReady(cluster),
    ...options.steps,
    () => serviceAccountsMissing(cluster),
  ];
  for (const step of steps) {
    for (;;) {
      signal?.throwIfAborted();
      const { why, cause } = await attempt(step);
      if (why === undefined) {
        break;
      }
      const ended = endedComponent(record);
      if (ended !== undefined) {
        throw new StartFailure(`${ended} ended`, ended);
      }
      if (Date.now() > deadline) {
        throw new StartFailure(`${why} after ${deadlineMs / 1000} s`, undefined, { cause });
      }
      const line = `Waiting for the cluster of ${cluster.environment}: ${firstLine(why)}`;
      if (line !== told) {
        told = line;
        onProgress?.(line);
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

// Whatever fails while a cluster starts may succeed a moment later; the last failure is told when the time is over.
async function attempt(
  step: () => Promise<string | undefined>,
): Promise<{ readonly why: string | undefined; readonly cause?: unknown }> {
  try {
    return { why: await step() };
  } catch (error) {
    return { why: (error as Error).message, cause: error };
  }
}

async function apiServerNotReady(cluster: Cluster): Promise<string | undefined> {
  const { body } = await cluster.request({ path: '/readyz', accept: '*/*', timeoutMs: 5000 });
  return body === 'ok' ? undefined : 'not ready: API server';
}

async function serviceAccountsMissing(cluster: Cluster): Promise<string | undefined> {
  const { body } = await cluster.request({
    path: '/api/v1/serviceaccounts',
    query: { fieldSelector: 'metadata.name=default' },
  });
  const { items } = body as {
    readonly items: readonly { readonly metadata: { readonly namespace: string } }[];
  };
  const found = new Set(items.map(({ metadata }) => metadata.namespace));
  const missing = NAMESPACES.filter((namespace) => !found.has(namespace));
  return missing.length === 0
    ? undefined
    : `not there: ServiceAccount default of namespace ${missing.join(', ')}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1).join('');
}
