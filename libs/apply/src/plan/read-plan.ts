import { setImmediate } from 'node:timers/promises';
import { ApiError, type Cluster, METADATA } from '@prow-deploy/cluster';
import type { TakeOver } from '../conflict.ts';
import { digestWith, readDigestKey } from '../digest-key.ts';
import { type InventoryEntry, uniteEntries } from '../inventory.ts';
import { readAllInventories, readInventory } from '../inventory-store.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { few } from '../list-lines.ts';
import { ownEntries } from '../mark.ts';
import { describe, identify, identifyEntry, referenceKey } from '../object-reference.ts';
import { order } from '../order.ts';
import { decideRemoval } from '../removal.ts';
import { asSent, resolve } from '../resolve.ts';
import { persistently, send } from '../send.ts';
import { findOwners } from './find-owners.ts';
import { planEffects } from './plan-effects.ts';
import type { Plan, PlannedRemoval, PlannedWrite, Refusal } from './plan.ts';
import type { PlannedObject } from './planned-object.ts';
import { planWrites } from './plan-writes.ts';
import { readPrevious } from './read-previous.ts';
import { whatStays } from './what-stays.ts';

/** Options of {@link readPlan}. */
export interface ReadPlanOptions {
  readonly cluster: Pick<Cluster, 'request' | 'resources' | 'simulated'>;
  readonly environment: string;
  /** Namespace of the inventory: the environment's Prow namespace. It exists, or is among the objects. */
  readonly inventoryNamespace: string;
  /** The whole manifest, with the bytes of its secrets; the cluster is asked while it is being read. */
  readonly objects: readonly KubernetesObject[] | Promise<readonly KubernetesObject[]>;
  /** Whose fields are taken over; `everything` includes the objects of other environments. Default: `edits`. */
  readonly takeOver?: TakeOver;
  /** Whether what left the manifest and holds data is pruned. Default: `false`. */
  readonly pruneData?: boolean;
  /**
   * Whether objects that are not there yet are previewed too. Default: `once-applied`, if there is an inventory: the
   * first apply of an environment finds nothing that it could break half way.
   */
  readonly previewCreations?: 'always' | 'once-applied';
  /** It is an earlier manifest: what it does not bring back is warned of. Default: `false`. */
  readonly goingBack?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A server that is away is told of soon. */
const FIRST_CONTACT = { retries: 3 };

/**
 * Reads what an apply is about to do. Nothing is written: what may differ is sent as a dry run, and what the inventory
 * proves to be unchanged is not sent at all.
 *
 * @throws {ApiError} {ClusterError} when the cluster cannot be read.
 * @throws {InventoryError} `unreadable` when the inventory was damaged.
 */
export async function readPlan(options: ReadPlanOptions): Promise<Plan | Refusal> {
  const { cluster, environment, inventoryNamespace, signal, goingBack = false } = options;
  const [index, stored, inventories = [], key, given] = await Promise.all([
    persistently(() => cluster.resources(), FIRST_CONTACT),
    readInventory(options),
    readAllInventories(options),
    readDigestKey(options),
    options.objects,
  ]);
  const digest = digestWith(key.bytes);
  let resolution = resolve(given, index);
  if (resolution.unknown.length > 0) {
    // It may have come since the index was read.
    resolution = resolve(given, await cluster.resources({ refresh: true }));
  }
  const { unknown } = resolution;
  if (unknown.length > 0) {
    const named = unknown.map((object) => `${describe(identify(object))} (${object.apiVersion})`);
    return {
      refused: `this cluster does not serve the kind of ${few(named)}. Correct the apiVersion, or add the CustomResourceDefinition`,
    };
  }
  const plain = resolution.resolved.map(({ entry }) => entry);
  const twice = firstTwice(plain);
  if (twice !== undefined) {
    return { refused: `${twice} is in the manifest twice. Remove one of them` };
  }
  const owner = stored?.inventory.environment ?? environment;
  if (owner !== environment) {
    return {
      refused: `the inventory in namespace ${inventoryNamespace} is that of ${owner}. Give each environment a Prow namespace of its own`,
    };
  }
  const others = inventories.filter(({ namespace }) => namespace !== inventoryNamespace);
  const [previous, resolved] = await Promise.all([
    readPrevious({
      cluster,
      environment,
      stored: stored?.inventory.entries,
      wanted: plain,
      signal,
    }),
    // Once the requests are sent.
    setImmediate().then(() => asSent(resolution.resolved, { environment, digest })),
  ]);
  const { before, warnings } = previous;

  const known = new Set(previous.entries.map(referenceKey));
  const now = plain.map((entry) => {
    const key = referenceKey(entry);
    const metadata = before.get(key);
    const adopted = !known.has(key) && metadata !== undefined && ownEntries(metadata).length === 0;
    return adopted ? { ...entry, adopted } : entry;
  });
  const union = uniteEntries(previous.entries, now);
  const rendered = new Set(now.map(referenceKey));
  const entries = union.filter((entry) => rendered.has(referenceKey(entry)));

  const home = resolved.find(({ entry }) => isNamespace(entry, inventoryNamespace));
  const homeExists =
    stored !== undefined ||
    (home === undefined ? await namespaceExists(options) : before.has(referenceKey(home.entry)));
  if (!homeExists && home === undefined) {
    return {
      refused: `the namespace ${inventoryNamespace}, which is to hold the inventory, is neither in the cluster nor in the manifest. Add it`,
    };
  }

  const unitedByKey = new Map(union.map((entry) => [referenceKey(entry), entry]));
  const writes = await planWrites({
    ...options,
    resolved: resolved.map((object) => {
      const entry = unitedByKey.get(referenceKey(object.entry)) ?? object.entry;
      return { ...object, entry };
    }),
    before,
    owners: findOwners({ environment, entries, before, others }),
    digest,
    previewCreations: options.previewCreations === 'always' || stored !== undefined,
  });
  const removals = union.flatMap((entry): PlannedRemoval[] => {
    const key = referenceKey(entry);
    const metadata = before.get(key);
    if (rendered.has(key) || metadata === undefined) return [];
    const includeData = options.pruneData === true;
    const removal = decideRemoval(entry, { environment, metadata, includeData, others });
    return [{ entry, removal }];
  });
  const steps = order(writes);
  const planned = steps.flatMap((step) => step.objects.map((write) => write.planned));
  const report = [...planned, ...removals.map(plannedRemoval)];
  return {
    report: {
      environment,
      objects: report,
      effects: planEffects(
        resolved.map(({ object }) => object),
        writes,
      ),
      warnings: [...warnings, ...(goingBack ? whatStays(report) : [])],
    },
    steps,
    entries,
    union,
    removals,
    previousCount: previous.entries.length,
    before,
    firstOfAll: homeExists ? undefined : writes.find((write) => isHome(write, inventoryNamespace)),
    stored,
    others,
    key,
    digest,
  };
}

function plannedRemoval({ entry, removal }: PlannedRemoval): PlannedObject {
  const object = identifyEntry(entry);
  if (removal.verb === 'delete') return { object, action: 'prune' };
  if (removal.verb === 'release') {
    return {
      object,
      action: 'prune',
      reason: 'it was there before the first apply: it stays without what apply added',
    };
  }
  const remedy = removal.forget ? {} : { remedy: 'Apply with --prune-data to delete it' };
  return { object, action: 'keep', reason: removal.reason, ...remedy };
}

function firstTwice(entries: readonly InventoryEntry[]): string | undefined {
  const seen = new Set<string>();
  for (const entry of entries) {
    const key = referenceKey(entry);
    if (seen.has(key)) return describe(entry);
    seen.add(key);
  }
  return undefined;
}

function isHome({ entry }: PlannedWrite, inventoryNamespace: string): boolean {
  return isNamespace(entry, inventoryNamespace);
}

function isNamespace(entry: InventoryEntry, name: string): boolean {
  return entry.kind === 'Namespace' && entry.apiVersion === 'v1' && entry.name === name;
}

async function namespaceExists(
  options: Pick<ReadPlanOptions, 'cluster' | 'inventoryNamespace' | 'signal'>,
): Promise<boolean> {
  const { cluster, inventoryNamespace, signal } = options;
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(inventoryNamespace)}`;
    await send({ cluster, request: { path, accept: METADATA, signal }, signal });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}
