import { readFile } from 'node:fs/promises';
import type { AuditReport } from '@prow-deploy/audit';
import { type Environment, OUTPUT_FILES, outputFile } from '@prow-deploy/environment';
import { GuardError, type GuardErrorCode } from './guard-error.ts';

/**
 * Lets a manifest be applied only if it, and no other, passed the audit. For every environment: the target apply depends
 * on audit, but files in `dist` may be older than that, or changed.
 *
 * @throws {GuardError} `audit-absent`, `audit-stale`, `audit-failed`.
 */
export async function requireAudit(
  environment: Environment,
  manifestDigest: string,
): Promise<void> {
  const { name } = environment;
  const file = `dist/${name}/${OUTPUT_FILES.audit}`;
  const refuse = (code: GuardErrorCode, why: string, remedy: string, cause?: unknown): never => {
    throw new GuardError(code, `Cannot apply ${name}: ${why}. ${remedy}`, { cause });
  };
  const run = `Run nx run ${name}:audit.`;
  const text = await readFile(outputFile(environment, 'audit'), 'utf8').catch((cause: unknown) =>
    refuse('audit-absent', `${file} is not there, so it was not audited`, run, cause),
  );
  const report = parse(text);
  if (report === undefined) return refuse('audit-absent', `${file} is no report of an audit`, run);
  if (report.manifestDigest !== manifestDigest) {
    const manifest = `dist/${name}/${OUTPUT_FILES.manifest}`;
    return refuse('audit-stale', `${file} is of another manifest than ${manifest} is now`, run);
  }
  if (report.outcome !== 'passed') {
    const errors = report.findings?.filter(({ severity }) => severity === 'error').length ?? 0;
    return refuse(
      'audit-failed',
      `its audit found ${errors} errors, see ${file}`,
      `Correct them. ${run}`,
    );
  }
}

type PartialReport = Partial<Pick<AuditReport, 'manifestDigest' | 'outcome' | 'findings'>>;

function parse(text: string): PartialReport | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
