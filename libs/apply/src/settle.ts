import { stripVTControlCharacters } from 'node:util';
import { ApiError, type Cluster, ClusterError } from '@prow-deploy/cluster';
import { apiPath } from './api-path.ts';
import { groupBy } from './group-by.ts';
import type { InventoryEntry } from './inventory.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { describe, referenceKey } from './object-reference.ts';
import { oneLine } from './one-line.ts';
import type { Explainer } from './reasons/explainer.ts';
import { pause } from './send.ts';
import type { ObjectStatus } from './status/object-status.ts';
import { settlesAtOnce, status } from './status/status.ts';

/** Options of {@link settle}. */
export interface SettleOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly entries: readonly InventoryEntry[];
  /** Deadline, in milliseconds. Default: 10 minutes. */
  readonly timeoutMs?: number | undefined;
  /** How long an object may stay `Failed` before waiting is given up, in milliseconds. Default: 60 000. */
  readonly failedGraceMs?: number | undefined;
  /** How often pods and events are asked why it takes so long, in milliseconds; first after 2 s. Default: 5000. */
  readonly explainEveryMs?: number | undefined;
  /** Every text that comes from the cluster goes through it, whole, before it is shown. Default: as it is. */
  readonly mask?: ((text: string) => string) | undefined;
  /** Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Receives a line whenever what is waited for changes: how many have settled, which object is waited for, and why.
   * One that fails comes before one that only takes its time. Default: nobody.
   */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** An object that did not settle. */
export interface Unsettled {
  readonly object: InventoryEntry;
  readonly status: ObjectStatus['status'];
  /** What its status says, and what its pods say. */
  readonly reason: string;
}

/** How waiting ended where not all has settled. */
export interface Unsettlement {
  /** `failed`: what is left says itself that it cannot. */
  readonly outcome: 'timeout' | 'failed' | 'aborted';
  readonly count: number;
  /** The deadline that was given, in milliseconds. */
  readonly timeoutMs: number;
  readonly unsettled: readonly Unsettled[];
}

/** How waiting ended. */
export type Settlement = { readonly outcome: 'settled'; readonly count: number } | Unsettlement;

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 1000;
const FIRST_EXPLAINED_MS = 2000;
// Of the time that passes, explaining takes a fifth at most.
const EXPLAINING_SHARE = 5;
const LOGS_AT_THE_END = 10;
const PROGRESS_REASON_AT_MOST = 400;
const REASON_AT_MOST = 1000;

/**
 * Waits until the cluster has done what each object asks for. Reads one list per kind and namespace that has objects
 * to wait for, every 0.3 to 1 s; a busy or unreachable API server is waited for, too. Where it takes longer, pods and
 * events are asked why, a few requests at a time; where they may not be read, waiting goes on without.
 *
 * @throws {ApiError} {ClusterError} when the lists cannot be read for another reason.
 */
export async function settle(options: SettleOptions): Promise<Settlement> {
  const { cluster, entries, signal, onProgress } = options;
  const { timeoutMs = 600_000, failedGraceMs = 60_000, explainEveryMs = 5000 } = options;
  const start = Date.now();
  const deadline = start + timeoutMs;
  const wait = new Wait(options);
  const failedSince = new Map<string, number>();
  let explainAt = start + Math.min(FIRST_EXPLAINED_MS, explainEveryMs);
  let line = '';
  let pauseMs = FIRST_PAUSE_MS;
  const isAborted = () => signal?.aborted === true;

  const ended = async (outcome: Unsettlement['outcome']): Promise<Settlement> => {
    if (outcome !== 'aborted') await wait.explain(LOGS_AT_THE_END);
    return { outcome, count: entries.length, timeoutMs, unsettled: wait.unsettled() };
  };

  for (;;) {
    if (isAborted()) return ended('aborted');
    try {
      wait.look(await readObjects({ cluster, entries: wait.open, signal }));
    } catch (error) {
      if (isAborted()) return ended('aborted');
      if (!isPassing(error)) throw error;
    }
    if (wait.open.length === 0) return { outcome: 'settled', count: entries.length };

    const next = wait.progress();
    if (next !== line) onProgress?.(next);
    line = next;

    const now = Date.now();
    const givenUp = wait.open.filter((entry) => {
      const key = referenceKey(entry);
      if (wait.statusOf(entry)?.status !== 'Failed') {
        failedSince.delete(key);
        return false;
      }
      const since = failedSince.get(key) ?? now;
      failedSince.set(key, since);
      // A Job that failed stays so; a Deployment past its deadline may yet recover from what this apply repaired.
      return entry.kind === 'Job' || now - since >= failedGraceMs;
    });
    if (givenUp.length === wait.open.length) return ended('failed');
    if (now >= deadline) return ended('timeout');
    if (now >= explainAt) {
      await wait.explain(1);
      const tookMs = Date.now() - now;
      explainAt = Date.now() + Math.max(explainEveryMs, tookMs * (EXPLAINING_SHARE - 1));
      const explained = wait.progress();
      if (explained !== line) onProgress?.(explained);
      line = explained;
    }
    try {
      await pause(Math.max(0, Math.min(pauseMs, deadline - Date.now())), signal);
    } catch {
      return ended('aborted');
    }
    pauseMs = Math.min(pauseMs * 1.25, LONGEST_PAUSE_MS);
  }
}

/** What is waited for, and what is known of it. */
class Wait {
  /** What has not settled, in the order of the entries. */
  open: readonly InventoryEntry[];
  readonly #options: SettleOptions;
  readonly #objects = new Map<string, KubernetesObject | undefined>();
  readonly #statuses = new Map<string, ObjectStatus>();
  #explainer: Explainer | undefined;

  constructor(options: SettleOptions) {
    this.#options = options;
    this.open = options.entries.filter((entry) => !settlesAtOnce(entry));
  }

  look(objects: ReadonlyMap<string, KubernetesObject>): void {
    this.open = this.open.filter((entry) => {
      const key = referenceKey(entry);
      const object = objects.get(key);
      const seen = status(object);
      this.#objects.set(key, object);
      this.#statuses.set(key, seen);
      return seen.status !== 'Current';
    });
  }

  statusOf(entry: InventoryEntry): ObjectStatus | undefined {
    return this.#statuses.get(referenceKey(entry));
  }

  async explain(logsAtMost: number): Promise<void> {
    const { cluster, signal, mask = asItIs } = this.#options;
    const waiting = this.open.map((entry) => {
      return { entry, object: this.#objects.get(referenceKey(entry)) };
    });
    if (this.#explainer === undefined) {
      // Loaded only where something takes its time.
      const { Explainer } = await import('./reasons/explainer.ts');
      this.#explainer = new Explainer({ cluster, mask });
    }
    await this.#explainer.explain(waiting, { logsAtMost, signal });
  }

  progress(): string {
    const settled = `${this.#options.entries.length - this.open.length}/${this.#options.entries.length} settled`;
    const shown = this.open.find((entry) => this.#isFailing(entry)) ?? this.open[0];
    if (shown === undefined) return settled;
    return `${settled}; waiting for ${describe(shown)}: ${this.#reasonOf(shown, PROGRESS_REASON_AT_MOST)}`;
  }

  unsettled(): Unsettled[] {
    return this.open.map((object) => ({
      object,
      status: this.statusOf(object)?.status ?? 'InProgress',
      reason: this.#reasonOf(object, REASON_AT_MOST),
    }));
  }

  #isFailing(entry: InventoryEntry): boolean {
    const explained = this.#explainer?.reasonOf(entry);
    return this.statusOf(entry)?.failing === true || explained?.failing === true;
  }

  #reasonOf(entry: InventoryEntry, atMost: number): string {
    const { mask = asItIs } = this.#options;
    const seen = this.statusOf(entry)?.reason ?? 'the API server does not answer';
    const explained = this.#explainer?.reasonOf(entry)?.text ?? '';
    const text = explained === '' ? seen : `${seen}; ${explained}`;
    return oneLine(mask(stripVTControlCharacters(text)), atMost);
  }
}

function asItIs(text: string): string {
  return text;
}

/** The live objects, whole, by reference key: one list per kind and namespace. */
export async function readObjects(
  options: Pick<SettleOptions, 'cluster' | 'entries' | 'signal'>,
): Promise<Map<string, KubernetesObject>> {
  const { cluster, entries, signal } = options;
  const lists = groupBy(entries, (entry) => apiPath(entry, { namespace: entry.namespace }));
  const found = new Map<string, KubernetesObject>();
  await Promise.all(
    [...lists].map(async ([path, members]) => {
      const [first] = members;
      if (first === undefined) return;
      const query = members.length === 1 ? { fieldSelector: `metadata.name=${first.name}` } : {};
      const { apiVersion, kind } = first;
      try {
        const { body } = await cluster.request({ path, query, signal });
        const { items } = body as { items?: readonly KubernetesObject[] | null };
        for (const item of items ?? []) {
          // Items of a list do not say their kind.
          const object = { ...item, apiVersion, kind };
          found.set(referenceKey({ ...first, ...nameOf(item) }), object);
        }
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    }),
  );
  return found;
}

function nameOf({ metadata }: KubernetesObject): { namespace: string | undefined; name: string } {
  return { namespace: metadata.namespace, name: metadata.name };
}

function isPassing(error: unknown): boolean {
  if (error instanceof ClusterError) return error.code === 'unreachable';
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}
