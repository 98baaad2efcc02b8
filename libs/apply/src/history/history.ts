import type { StoredInventory } from '../inventory-store.ts';

/** How an apply ended. `started`: it did not live to say. */
export const HISTORY_OUTCOMES = ['started', 'applied', 'failed'] as const;
export type HistoryOutcome = (typeof HISTORY_OUTCOMES)[number];

/** One apply, as the cluster remembers it. JSON-serialisable; holds no secret. */
export interface HistoryRecord {
  /** Counts up from 1 within an environment. */
  readonly id: number;
  /** ISO 8601, UTC, by the API server's clock. */
  readonly at: string;
  readonly outcome: HistoryOutcome;
  /** Who the API server took the caller for, and from where: `ana (ana@laptop)`. */
  readonly by: string;
  /** Commit of the repository; absent where there is none. */
  readonly commit?: string | undefined;
  /** There were changes that are in no commit. */
  readonly dirty?: boolean | undefined;
  /** SHA-256 of the manifest, with placeholders where secrets go. */
  readonly manifestDigest: string;
  /** The record whose manifest was applied again. */
  readonly from?: number | undefined;
  /** How many objects were created, configured, and so on; absent until it ended. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
  /** Why it failed. */
  readonly failure?: string | undefined;
}

/** How many applies are remembered. */
export const HISTORY_LENGTH = 20;
/** Key of the history in the inventory's data. */
export const HISTORY_KEY = 'history';

/** The applies that an inventory remembers, the newest first. A damaged history is an empty one. */
export function readHistory(stored: Pick<StoredInventory, 'data'> | undefined): HistoryRecord[] {
  try {
    const records = JSON.parse(stored?.data[HISTORY_KEY] ?? '[]') as unknown;
    return Array.isArray(records) ? (records as HistoryRecord[]) : [];
  } catch {
    return [];
  }
}

/** The history with one more record, or with a newer one of the same id; at most {@link HISTORY_LENGTH} long. */
export function addRecord(
  history: readonly HistoryRecord[],
  record: HistoryRecord,
): HistoryRecord[] {
  return [record, ...history.filter(({ id }) => id !== record.id)].slice(0, HISTORY_LENGTH);
}

/** A history as the text of one key of a ConfigMap: JSON, one record a line. */
export function formatHistoryData(history: readonly HistoryRecord[]): string {
  return `[\n${history.map((record) => JSON.stringify(record)).join(',\n')}\n]`;
}

/** The id of the next record. */
export function nextId(history: readonly HistoryRecord[]): number {
  return Math.max(0, ...history.map(({ id }) => id)) + 1;
}
