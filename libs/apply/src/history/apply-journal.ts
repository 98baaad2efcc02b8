import type { Cluster } from '@prow-deploy/cluster';
import { APPLY_ACTIONS, type ApplyResult } from '../apply-result.ts';
import { countActions } from '../count-actions.ts';
import { whoAmI } from '../inventory-claim.ts';
import type { InventoryPlace, StoredInventory } from '../inventory-store.ts';
import type { RecordValues } from '../record.ts';
import { send } from '../send.ts';
import {
  addRecord,
  formatHistoryData,
  HISTORY_KEY,
  type HistoryRecord,
  nextId,
  readHistory,
} from './history.ts';
import { removeManifests, storeManifest } from './manifest-store.ts';

/** Where a manifest comes from. */
export interface Origin {
  /** Commit of the repository; absent where there is none. */
  readonly commit?: string | undefined;
  /** There are changes that are in no commit. */
  readonly dirty?: boolean | undefined;
  /** The record whose manifest is applied again. */
  readonly from?: number | undefined;
}

/** Options of {@link ApplyJournal.begin}. */
export interface ApplyJournalOptions extends InventoryPlace {
  readonly cluster: Pick<Cluster, 'request' | 'now'>;
  readonly record: Pick<RecordValues, 'manifestDigest'>;
  /** Text of the manifest, with placeholders. Default: it is not kept. */
  readonly manifest?: string | undefined;
  readonly origin?: (() => Promise<Origin>) | undefined;
}

/** Writes down one apply for the history, from its beginning to its end. */
export class ApplyJournal {
  readonly #options: ApplyJournalOptions;
  readonly #history: readonly HistoryRecord[];
  readonly #record: Omit<HistoryRecord, 'outcome'>;

  private constructor(
    options: ApplyJournalOptions,
    stored: StoredInventory | undefined,
    user: string | undefined,
    origin: Origin,
  ) {
    const { cluster, record } = options;
    this.#options = options;
    this.#history = readHistory(stored);
    this.#record = {
      id: nextId(this.#history),
      at: cluster.now().toISOString(),
      by: user === undefined ? whoAmI() : `${user} (${whoAmI()})`,
      ...origin,
      manifestDigest: record.manifestDigest,
    };
  }

  /** Asks the API server who is applying. */
  static async begin(
    options: ApplyJournalOptions,
    stored: StoredInventory | undefined,
  ): Promise<ApplyJournal> {
    const { origin = () => Promise.resolve({}) } = options;
    const [user, from] = await Promise.all([readUser(options), origin()]);
    return new ApplyJournal(options, stored, user, from);
  }

  /** What the inventory's data is to say while the apply is under way. */
  started(): Record<string, string> {
    return this.#data({ ...this.#record, outcome: 'started' });
  }

  /** Keeps the manifest in the cluster. */
  async keepManifest(): Promise<void> {
    const { manifest, record } = this.#options;
    const { manifestDigest } = record;
    if (manifest !== undefined) await storeManifest(this.#options, { manifest, manifestDigest });
  }

  /** What the inventory's data is to say at the end. */
  ended(result: ApplyResult): Record<string, string> {
    const counts = countActions(APPLY_ACTIONS, result.objects);
    return this.#data(
      result.outcome === 'applied'
        ? { ...this.#record, outcome: 'applied', counts }
        : { ...this.#record, outcome: 'failed', counts, failure: result.failure.message },
    );
  }

  /** An older record makes way for this one. */
  get isFull(): boolean {
    return this.#known().length <= this.#history.length;
  }

  /** Removes the manifests that no record names any more. Whoever does so must hold the claim. */
  async tidy(): Promise<void> {
    await removeManifests(
      this.#options,
      this.#known().map(({ manifestDigest }) => manifestDigest),
    );
  }

  #known(): HistoryRecord[] {
    return addRecord(this.#history, { ...this.#record, outcome: 'applied' });
  }

  #data(record: HistoryRecord): Record<string, string> {
    return { [HISTORY_KEY]: formatHistoryData(addRecord(this.#history, record)) };
  }
}

/** Who the API server takes the caller for; `undefined` where it does not say. */
async function readUser({ cluster, signal }: ApplyJournalOptions): Promise<string | undefined> {
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  try {
    const response = await send({ cluster, request: { method: 'POST', path, body }, signal });
    const { status } = response.body as { status?: { userInfo?: { username?: string } } };
    return status?.userInfo?.username;
  } catch {
    return undefined; // served since Kubernetes 1.28, and a nicety
  }
}
