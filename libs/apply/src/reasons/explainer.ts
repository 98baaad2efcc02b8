import { stripVTControlCharacters } from 'node:util';
import { ApiError, type Cluster } from '@prow-deploy/cluster';
import { apiPath } from '../api-path.ts';
import { groupBy } from '../group-by.ts';
import type { InventoryEntry } from '../inventory.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { oneLine } from '../one-line.ts';
import { referenceKey } from '../object-reference.ts';
import {
  claimReason,
  type EndedContainer,
  type Events,
  ownPodReason,
  type Reason,
  workloadReason,
} from './find-reason.ts';
import { lastLine } from './last-line.ts';
import { latestEvents } from './latest-events.ts';
import { isWorkload, OwnedPods } from './owned-pods.ts';
import { commonSelector, readList, type ReadListOptions } from './read-list.ts';

/** Options of {@link Explainer}. */
export interface ExplainerOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Every text of a log goes through it before it is cut. */
  readonly mask: (text: string) => string;
}

/** An object that has not settled, as it was seen last. */
export interface WaitingObject {
  readonly entry: InventoryEntry;
  /** Absent where it is not there. */
  readonly object?: KubernetesObject | undefined;
}

interface OpenObject {
  readonly entry: InventoryEntry;
  readonly object: KubernetesObject;
}

/** Options of {@link Explainer.explain}. */
export interface ExplainOptions {
  /** How many containers' logs are read: of the first objects that fail. */
  readonly logsAtMost: number;
  readonly signal?: AbortSignal | undefined;
}

const POD = { apiVersion: 'v1', resource: 'pods', namespaced: true } as const;
const NO_EVENTS: Events = new Map();
const DEADLINE_MS = 8000;
const REQUEST_TIMEOUT_MS = 5000;
const LINE_AT_MOST = 300;
const LOG_LINES = 5;
const LOG_BYTES = 32 * 1024;

/**
 * Finds out why objects do not settle: from their pods, from events about them and their pods, and from the last lines
 * that containers logged before they ended. What cannot be read is left out: an explanation is never the reason for an
 * error. Takes one list of pods and at most two of events for each namespace that has something to explain.
 */
export class Explainer {
  readonly #options: ExplainerOptions;
  readonly #reasons = new Map<string, Reason>();
  // Whether the last words of a run of a container could be read, and what they are.
  readonly #lastWords = new Map<string, string | undefined>();
  readonly #denied = new Set<string>();

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /** Why an object does not settle, as far as it was found out; neither masked nor shortened, but for logs. */
  reasonOf(entry: InventoryEntry): Pick<Reason, 'text' | 'failing'> | undefined {
    const reason = this.#reasons.get(referenceKey(entry));
    if (reason === undefined) return undefined;
    const words = reason.ended && this.#lastWords.get(runKey(reason.ended));
    const text = [reason.text, words]
      .filter((part) => part !== undefined && part !== '')
      .join('; ');
    return { text, failing: reason.failing };
  }

  /** Reads what there is to know of these objects now. Takes 8 s at most. */
  async explain(waiting: readonly WaitingObject[], options: ExplainOptions): Promise<void> {
    const { logsAtMost } = options;
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const signal =
      options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
    const open = waiting.flatMap(({ entry, object }) =>
      object !== undefined && isExplainable(entry) ? [{ entry, object }] : [],
    );
    const namespaces = groupBy(open, ({ entry }) => entry.namespace ?? '');
    await Promise.all(
      [...namespaces].map(([namespace, members]) =>
        this.#explainNamespace(namespace, members, signal),
      ),
    );
    const failing = open.filter(({ entry }) => this.#reasons.get(referenceKey(entry))?.failing);
    await Promise.all(failing.slice(0, logsAtMost).map(({ entry }) => this.#listen(entry, signal)));
  }

  async #explainNamespace(
    namespace: string,
    members: readonly OpenObject[],
    signal: AbortSignal,
  ): Promise<void> {
    const read = (what: Omit<ReadListOptions, 'cluster' | 'namespace' | 'signal'>) =>
      this.#read({ ...what, namespace, signal });
    const workloads = objectsOf(members).filter(isWorkload);
    const pods =
      workloads.length === 0
        ? []
        : await read({
            resource: 'pods',
            query: {
              labelSelector: commonSelector(workloads),
              fieldSelector: 'status.phase!=Succeeded',
            },
          });
    const owned = new OwnedPods(pods ?? []);
    const reasonFor = (object: KubernetesObject, events: Events) => {
      if (object.kind === 'PersistentVolumeClaim') return claimReason(object, events);
      if (object.kind === 'Pod') return ownPodReason(object, events);
      if (pods !== undefined) return workloadReason(object, owned.of(object), events);
      return this.#denied.has(`${namespace}/pods`) ? UNREADABLE_PODS : undefined;
    };

    const claims = members.filter(({ entry }) => entry.kind === 'PersistentVolumeClaim');
    const needsWarnings = objectsOf(members).some(
      (object) =>
        object.kind !== 'PersistentVolumeClaim' && reasonFor(object, NO_EVENTS)?.failing !== true,
    );
    const lists = await Promise.all([
      needsWarnings ? read({ resource: 'events', query: { fieldSelector: 'type=Warning' } }) : [],
      // What is said of a claim is no warning, mostly.
      claims.length > 0
        ? read({
            resource: 'events',
            query: { fieldSelector: 'involvedObject.kind=PersistentVolumeClaim' },
          })
        : [],
    ]);
    const events = latestEvents(lists.flatMap((list) => list ?? []));
    for (const { entry, object } of members) {
      const key = referenceKey(entry);
      const reason = reasonFor(object, events);
      if (reason !== undefined) this.#reasons.set(key, reason);
      // Where the pods could not be read for once, what was known of them stays.
      else if (pods !== undefined) this.#reasons.delete(key);
    }
  }

  async #read(
    options: Omit<ReadListOptions, 'cluster'>,
  ): Promise<readonly KubernetesObject[] | undefined> {
    const key = `${options.namespace}/${options.resource}`;
    if (this.#denied.has(key)) return undefined;
    try {
      return await readList({ ...options, cluster: this.#options.cluster });
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) this.#denied.add(key);
      return undefined;
    }
  }

  // A run that has ended says nothing new: its last words are asked for once.
  async #listen(entry: InventoryEntry, signal: AbortSignal): Promise<void> {
    const ended = this.#reasons.get(referenceKey(entry))?.ended;
    if (ended === undefined || this.#lastWords.has(runKey(ended))) return;
    const written = this.#lineOf(ended.message);
    const logged =
      written === undefined ? await this.#readLastLine(entry.namespace, ended, signal) : undefined;
    const words =
      written === undefined ? logged && `its last log line: ${logged}` : `it says: ${written}`;
    this.#lastWords.set(runKey(ended), words);
  }

  async #readLastLine(
    namespace: string | undefined,
    { pod, container, previous }: EndedContainer,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const key = `${namespace ?? ''}/log`;
    if (this.#denied.has(key)) return undefined;
    try {
      const { body } = await this.#options.cluster.request({
        path: `${apiPath(POD, { namespace, name: pod })}/log`,
        query: { container, previous, tailLines: LOG_LINES, limitBytes: LOG_BYTES },
        timeoutMs: REQUEST_TIMEOUT_MS,
        signal,
      });
      const log = typeof body === 'string' ? body : '';
      return this.#lineOf(log, Buffer.byteLength(log) >= LOG_BYTES);
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) this.#denied.add(key);
      return undefined;
    }
  }

  // Masked as a whole: one line of a value may not be recognized as a part of it. And again when JSON is undone.
  #lineOf(log: string, isCut = false): string | undefined {
    const { mask } = this.#options;
    const line = lastLine(mask(stripVTControlCharacters(log)), { isCut });
    return line === undefined ? undefined : oneLine(mask(line), LINE_AT_MOST);
  }
}

const UNREADABLE_PODS: Reason = { text: 'its pods may not be read', failing: false };

/** Whether anything beside its own status can tell why an object of this kind does not settle. */
export function isExplainable(entry: InventoryEntry): boolean {
  if (isWorkload(entry)) return true;
  return (
    entry.apiVersion === 'v1' && (entry.kind === 'Pod' || entry.kind === 'PersistentVolumeClaim')
  );
}

function objectsOf(members: readonly OpenObject[]): KubernetesObject[] {
  return members.map(({ object }) => object);
}

function runKey({ podUid, container, restarts, previous }: EndedContainer): string {
  return `${podUid}/${container}/${restarts}/${previous ? 'previous' : 'current'}`;
}
