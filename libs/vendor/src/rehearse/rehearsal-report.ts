import { type Severity } from '@prow-deploy/audit';
import { type FollowedImage } from '../environments/follow-images.ts';
import { type FileChanges } from './compare-files.ts';
import { type FindingChanges } from './compare-findings.ts';
import { type ObjectChanges } from './compare-objects.ts';
import { type PatchChange } from './patch-change.ts';

/** What a rehearsal tells, for machines. Paths are relative to the workspace root; it holds no secret. */
export interface RehearsalReport {
  /** Version of this shape; it moves when a field is removed or changes its meaning. */
  readonly version: 1;
  /** Name of the folder below `vendor/`. */
  readonly upstream: string;
  /** `broken` where an environment has an error that it does not have today. */
  readonly outcome: RehearsalOutcome;
  readonly environments: readonly EnvironmentRehearsal[];
}

export const REHEARSAL_OUTCOMES = ['fits', 'broken'] as const;
export type RehearsalOutcome = (typeof REHEARSAL_OUTCOMES)[number];

/** What an environment is built from. */
export interface BuiltFrom {
  /** Name of the copy's folder. */
  readonly commit: string;
  /** When it was committed; absent for a starter. */
  readonly date?: string;
  readonly configVersion: string;
}

export interface EnvironmentRehearsal {
  readonly environment: string;
  readonly outcome: RehearsalOutcome;
  readonly from: BuiltFrom;
  readonly to: BuiltFrom;
  /** Why there is no build to compare; absent where both are there. */
  readonly failure?: { readonly today?: string; readonly then?: string };
  /** All that somebody should look at, errors first; everything below says more. */
  readonly problems: readonly Problem[];
  readonly files: FileChanges;
  readonly patches: readonly PatchChange[];
  readonly findings: FindingChanges;
  readonly objects: ObjectChanges;
  /** Image tags of the environment's own that go along. */
  readonly followed: readonly FollowedImage[];
}

export const PROBLEM_CODES = [
  'does-not-build',
  'patch-changes',
  'new-finding',
  'object-unused',
  'object-removed',
  'immutable-field',
  'image-older',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Something to look at before the bump lands. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Exclude<Severity, 'info'>;
  readonly message: string;
}
