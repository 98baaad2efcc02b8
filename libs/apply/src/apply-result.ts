import type { FieldConflict } from './conflict.ts';
import type { PlanReport } from './plan/plan.ts';
import type { ObjectReference } from './object-reference.ts';
import type { StoredRecord } from './record.ts';
import type { Effect } from './restarts/effects-of.ts';
import type { Unsettled } from './settle.ts';

/** What can happen to one object. */
export const APPLY_ACTIONS = [
  /** It was not there before. */
  'created',
  /** Fields of it were changed. */
  'configured',
  /** Its pods are replaced, because what they read at start changed; nothing else of it did. */
  'restarted',
  /** Nothing of it had to be changed. */
  'unchanged',
  /** It left the manifest, and is gone. */
  'pruned',
  /** It left the manifest, and stays. */
  'kept',
  /** It could not be applied, or not be deleted. */
  'failed',
  /** Its turn did not come. */
  'skipped',
] as const;
export type ApplyAction = (typeof APPLY_ACTIONS)[number];

/** What happened to one object of the manifest, or to one that left it. */
export interface AppliedObjectResult {
  readonly object: ObjectReference;
  readonly action: ApplyAction;
  /** Why it failed or was kept, without the values of a Secret. */
  readonly message?: string | undefined;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  /** Fields that were taken over, with their managers. */
  readonly takenOver?: readonly FieldConflict[] | undefined;
}

export const APPLY_FAILURE_CODES = [
  /** Nothing was sent: the manifest does not fit this cluster, or what is in it. */
  'refused',
  /** Nothing was sent: more objects would be deleted than is usual. */
  'prunes-many',
  /** Another is applying, or took over meanwhile. */
  'claimed',
  /** The API server did not take an object. */
  'rejected',
  /** All was taken, and something did not settle. */
  'unsettled',
  /** All was applied and has settled, and something that left the manifest could not be deleted. */
  'unpruned',
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
  /** The plan that was not begun. */
  readonly plan?: PlanReport | undefined;
}

/** A workload that cannot run in this cluster, which is nobody's mistake. */
export interface NotRun {
  readonly object: ObjectReference;
  /** Such as `its image X cannot be had: …`. */
  readonly reason: string;
}

/** What an apply did. JSON-serialisable. */
export interface ApplyReport {
  readonly environment: string;
  /** Of every object of the manifest, in the order of the steps; then of what left it. */
  readonly objects: readonly AppliedObjectResult[];
  /** What becomes of the workloads that read a ConfigMap or Secret that changed. */
  readonly effects: readonly Effect[];
  /** What is out of the ordinary; each a sentence. */
  readonly warnings: readonly string[];
  /** Workloads that are applied and cannot run in this cluster. */
  readonly notRun: readonly NotRun[];
  /** In milliseconds. */
  readonly durationMs: number;
}

/** How an apply ended. */
export type ApplyResult =
  | (ApplyReport & { readonly outcome: 'applied'; readonly record: StoredRecord })
  | (ApplyReport & { readonly outcome: 'failed'; readonly failure: ApplyFailure });
