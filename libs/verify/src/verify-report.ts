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
  /** Images are there, their containers start, become ready and stay up. */
  'containers-run',
  /** A component says that it is well, by its own endpoint. */
  'components-healthy',
  /** A port that is called `metrics` answers. */
  'metrics-answer',
  /** deck answers over HTTP. */
  'deck-answers',
  /** gcsweb answers over HTTP. */
  'gcsweb-answers',
  /** hook accepts a webhook with the right signature and refuses another. */
  'hook-accepts-webhook',
  /** The configuration that runs is the one that was rendered. */
  'config-as-rendered',
  /** A component's ServiceAccount may do what it needs, and nothing that it should not. */
  'service-accounts',
  /** A periodic job gets its ProwJob, and its pod starts. */
  'job-runs',
  /** A check of the user's own, by the path of its file. */
  'own-check',
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
