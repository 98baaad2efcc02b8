import type { AcceptedFinding } from '../acceptances/apply-acceptances.ts';
import type { Finding } from '../finding.ts';
import type { TraceCounts } from '../patches/trace.ts';
import type { ScriptCoverage } from '../scripts/audit-scripts.ts';

/** What is written to `dist/<name>/audit.json`. Paths in it are relative to the workspace root. */
export interface AuditReport {
  /** Version of this shape; it moves when a field is removed or changes its meaning. */
  readonly version: 1;
  readonly environment: string;
  /** SHA-256 of the `prow-deploy.yaml` that was audited, in hex: an apply of another is refused. */
  readonly manifestDigest: string;
  /** `failed` where a finding is an error. */
  readonly outcome: 'passed' | 'failed';
  /** Errors first, then by file and line. */
  readonly findings: readonly Finding[];
  /** Findings that environment.yaml accepts, with the reason given there. */
  readonly accepted: readonly AcceptedFinding[];
  readonly coverage: {
    readonly objects: number;
    readonly patches: TraceCounts;
    readonly scripts: ScriptCoverage;
    /** Environments that this one was checked against. */
    readonly isolatedFrom: readonly string[];
  };
}
