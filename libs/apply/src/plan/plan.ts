import type { Digest, DigestKey } from '../digest-key.ts';
import type { Inventory, InventoryEntry } from '../inventory.ts';
import type { StoredInventory } from '../inventory-store.ts';
import type { ObjectMetadata } from '../kubernetes-object.ts';
import type { Step } from '../order.ts';
import type { Removal } from '../removal.ts';
import type { ResolvedObject } from '../resolve.ts';
import type { SourceChange } from '../restarts/changes.ts';
import type { Effect } from '../restarts/effects-of.ts';
import type { PlannedObject } from './planned-object.ts';

/** What an apply is about to do, for people and machines. JSON-serialisable; holds no value of a secret. */
export interface PlanReport {
  readonly environment: string;
  /** Of every object of the manifest, in the order of the steps; then what left it. */
  readonly objects: readonly PlannedObject[];
  /** What becomes of the workloads that read a ConfigMap or Secret that changes. */
  readonly effects: readonly Effect[];
  /** What is out of the ordinary; each a sentence. */
  readonly warnings: readonly string[];
}

/** An object of the manifest, and what is to be done with it. */
export interface PlannedWrite extends ResolvedObject {
  readonly planned: PlannedObject;
  /** Of the object as it is sent. */
  readonly digest: string;
  /** It need not be sent: the cluster holds it as it is, and as ours. */
  readonly proven: boolean;
  /** What containers read differently then: of a ConfigMap or Secret that changes. */
  readonly source?: SourceChange | undefined;
}

/** An object that left the manifest, and what is to become of it. */
export interface PlannedRemoval {
  readonly entry: InventoryEntry;
  readonly removal: Removal;
}

/** What an apply is about to do, and what is there before it. */
export interface Plan {
  readonly report: PlanReport;
  readonly steps: readonly Step<PlannedWrite>[];
  /** Of the manifest. */
  readonly entries: readonly InventoryEntry[];
  /** Of the manifest, and of earlier applies. */
  readonly union: readonly InventoryEntry[];
  /** In the inventory and in the cluster, not in the manifest. */
  readonly removals: readonly PlannedRemoval[];
  /** Of the inventory as it was: how many objects it had. */
  readonly previousCount: number;
  /** Live metadata of the union, by reference key. */
  readonly before: ReadonlyMap<string, ObjectMetadata>;
  /** The Namespace of the inventory, where it does not exist yet: it comes before all else. */
  readonly firstOfAll: PlannedWrite | undefined;
  readonly stored: StoredInventory | undefined;
  /** Inventories of other environments in the cluster. */
  readonly others: readonly Inventory[];
  readonly key: DigestKey;
  readonly digest: Digest;
}

/** A manifest that does not fit this cluster, in words: nothing was sent. */
export interface Refusal {
  readonly refused: string;
}
