import type { StoredRecord } from '@prow-deploy/apply';

/** What is checked; the names are stable. */
export const CHECKS = [
  /** The object is in the cluster, and an apply would change nothing of it. */
  'as-applied',
  /** The cluster has done what the object asks for. */
  'settled',
  /** A Service that selects pods has ready endpoints for each of its ports. */
  'endpoints',
  /** A CronJob is not suspended, a Deployment not paused, unless the manifest says so. */
  'active',
  /** An image is there, and its container starts and stays up. */
  'containers-run',
  /** deck answers over HTTP. */
  'deck-answers',
  /** hook accepts a webhook with the right signature and refuses another. */
  'hook-accepts-webhook',
  /** Logs are free of errors. */
  'logs',
  /** A job goes all the way from its ProwJob to its result. */
  'job-runs',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** One check of one object. */
export interface Check {
  readonly check: CheckName;
  /** Such as `Service kubevirt-prow/deck`. */
  readonly object: string;
  /** Why it failed; never a value of the object. */
  readonly reason?: string | undefined;
}

/** A check that could not be made, and is neither passed nor failed. */
export interface NotPossible {
  readonly check: CheckName;
  /** What would have been checked, such as `deck answers over HTTP`. */
  readonly what: string;
  readonly reason: string;
}

/** What a verify found. JSON-serialisable. */
export interface VerifyReport {
  readonly outcome: 'passed' | 'failed' | 'aborted';
  readonly environment: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly passed: readonly Check[];
  readonly failed: readonly Check[];
  readonly notPossible: readonly NotPossible[];
  /** What the cluster remembers now; absent where a check failed, or none was asked for. */
  readonly record?: StoredRecord | undefined;
  /** In milliseconds. */
  readonly durationMs: number;
}

/** Results of some checks. */
export interface Findings {
  readonly passed: readonly Check[];
  readonly failed: readonly Check[];
  readonly notPossible?: readonly NotPossible[];
}
