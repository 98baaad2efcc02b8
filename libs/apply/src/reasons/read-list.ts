import type { Cluster } from '@prow-deploy/cluster';
import { apiPath } from '../api-path.ts';
import { fields, items } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';

/** Options of {@link readList}. */
export interface ReadListOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly namespace: string;
  /** Of the core API: `pods`, `events`. */
  readonly resource: 'pods' | 'events';
  /** Default: all of them. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

const PAGE = 500;
const PAGES_AT_MOST = 4;
const TIMEOUT_MS = 5000;

/**
 * The objects of one namespace, 2,000 of them at most: this explains why something does not settle, and must not cost
 * more than the settling.
 *
 * @throws {ApiError} {ClusterError} when they cannot be read.
 */
export async function readList(options: ReadListOptions): Promise<KubernetesObject[]> {
  const { cluster, namespace, resource, query, signal } = options;
  const path = apiPath({ apiVersion: 'v1', resource, namespaced: true }, { namespace });
  const found: KubernetesObject[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGES_AT_MOST; page++) {
    const { body } = await cluster.request({
      path,
      query: { ...query, limit: PAGE, continue: next },
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    const list = body as { items?: unknown; metadata?: { continue?: string } };
    found.push(...(items(list.items) as unknown as KubernetesObject[]));
    next = list.metadata?.continue;
    if (next === undefined || next === '') break;
  }
  return found;
}

/**
 * The label selector of which all pods of these workloads are, as far as one selector can say it: `app in (deck,hook)`.
 * `undefined` where they have no label in common.
 */
export function commonSelector(workloads: readonly KubernetesObject[]): string | undefined {
  const all = workloads.map(matchLabels);
  const [first, ...others] = all;
  const label = Object.keys(first ?? {}).find((each) =>
    others.every((labels) => labels[each] !== undefined),
  );
  if (label === undefined) return undefined;
  const values = new Set(all.map((labels) => labels[label] ?? ''));
  return `${label} in (${[...values].join(',')})`;
}

function matchLabels(workload: KubernetesObject): Readonly<Record<string, string>> {
  const { selector } = fields(workload['spec']);
  // A ReplicationController has nothing but labels there.
  const isPlain = workload.kind === 'ReplicationController';
  const labels = isPlain ? selector : fields(selector)['matchLabels'];
  return fields(labels) as Readonly<Record<string, string>>;
}
