import type { FieldConflict } from './conflict.ts';
import type { InventoryEntry } from './inventory.ts';
import type { ObjectReference } from './object-reference.ts';
import type { StoredRecord } from './record.ts';
import type { Unsettled } from './settle.ts';

/** What can happen to one object. */
export const APPLY_ACTIONS = ['created', 'configured', 'unchanged', 'failed', 'skipped'] as const;
export type ApplyAction = (typeof APPLY_ACTIONS)[number];

/** What happened to one object of the manifest. */
export interface AppliedObjectResult {
  readonly object: ObjectReference;
  readonly action: ApplyAction;
  /** Why it failed, without the values of a Secret. */
  readonly message?: string | undefined;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  /** Fields that were taken over, with their managers. */
  readonly takenOver?: readonly FieldConflict[] | undefined;
}

export const APPLY_FAILURE_CODES = [
  /** Nothing was sent: the manifest does not fit this cluster. */
  'refused',
  /** The API server did not take an object. */
  'rejected',
  /** All was taken, and something did not settle. */
  'unsettled',
  /** All settled, but another changed an object while it was applied. */
  'disturbed',
  /** All settled, and the inventory could not be written. */
  'unrecorded',
  /** The signal ended it. */
  'aborted',
] as const;
export type ApplyFailureCode = (typeof APPLY_FAILURE_CODES)[number];

/** Why an apply did not succeed. */
export interface ApplyFailure {
  readonly code: ApplyFailureCode;
  /** "Cannot X: Y. Z to do now." */
  readonly message: string;
  readonly unsettled?: readonly Unsettled[] | undefined;
}

/** What an apply did. JSON-serialisable. */
export interface ApplyReport {
  readonly environment: string;
  /** Of every object of the manifest, in the order of the steps. */
  readonly objects: readonly AppliedObjectResult[];
  /** No longer rendered, still in the cluster, still in the inventory. */
  readonly left: readonly InventoryEntry[];
  /** In milliseconds. */
  readonly durationMs: number;
}

/** How an apply ended. */
export type ApplyResult =
  | (ApplyReport & { readonly outcome: 'applied'; readonly record: StoredRecord })
  | (ApplyReport & { readonly outcome: 'failed'; readonly failure: ApplyFailure });
