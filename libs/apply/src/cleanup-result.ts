import type { ObjectReference } from './object-reference.ts';

/** What can happen to one object of the inventory. */
export const CLEANUP_ACTIONS = [
  /** It was there, and is gone. */
  'deleted',
  /** It was gone already. */
  'absent',
  /** It was there before the first apply, and stays without what apply added to it. */
  'released',
  /** It stays as it is: it holds data, or it is another's. */
  'kept',
  /** It could not be deleted, or is not gone yet. */
  'failed',
  /** Its turn did not come. */
  'skipped',
] as const;
export type CleanupAction = (typeof CLEANUP_ACTIONS)[number];

/** What happened to one object of the inventory. */
export interface CleanedObject {
  readonly object: ObjectReference;
  readonly action: CleanupAction;
  /** Why it was kept, or failed. */
  readonly reason?: string | undefined;
}

/** What a cleanup did. JSON-serialisable. */
export interface CleanupResult {
  /** `cleaned`: nothing is left but what was to be kept. */
  readonly outcome: 'cleaned' | 'failed' | 'aborted';
  readonly environment: string;
  /** In the order in which they were to be removed. */
  readonly objects: readonly CleanedObject[];
  /** Whether an inventory remains, holding what was kept or failed. */
  readonly inventoryRemains: boolean;
  /** In milliseconds. */
  readonly durationMs: number;
}
