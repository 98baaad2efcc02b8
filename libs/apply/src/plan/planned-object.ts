import type { FieldConflict } from '../conflict.ts';
import type { FieldChange } from '../diff/diff-fields.ts';
import type { Forecast } from '../forecast/forecast-codes.ts';
import type { ObjectReference } from '../object-reference.ts';

/** What an apply is about to do with one object. */
export const PLAN_ACTIONS = [
  /** It is not there yet. */
  'create',
  /** Fields of it change. */
  'change',
  /** Only the checksum of its configuration changes: its pods are replaced. */
  'restart',
  /** Nothing changes. */
  'unchanged',
  /** It left the manifest, and is deleted. */
  'prune',
  /** It left the manifest, and stays. */
  'keep',
  /** Another field manager, or another environment, holds it. */
  'conflict',
  /** The API server would not take it. */
  'reject',
] as const;
export type PlanAction = (typeof PLAN_ACTIONS)[number];

/** The actions that keep an apply from being begun. */
export const BLOCKING_ACTIONS: readonly PlanAction[] = ['conflict', 'reject'];

/** What an apply is about to do with one object, and why. JSON-serialisable; holds no value of a secret. */
export interface PlannedObject {
  readonly object: ObjectReference;
  readonly action: PlanAction;
  /** Why it is kept, in conflict, rejected, or could not be previewed. Without a full stop. */
  readonly reason?: string | undefined;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  /** Field by field, for a change. */
  readonly changes?: readonly FieldChange[] | undefined;
  /** Fields of other managers that are taken over. */
  readonly takenOver?: readonly FieldConflict[] | undefined;
  /** What cannot be changed in place, and what a way round it would lose. */
  readonly forecast?: readonly Forecast[] | undefined;
}
