export { AUDIT_ERROR_CODES, AuditError, type AuditErrorCode } from './audit-error.ts';
export {
  type Finding,
  FINDING_CODES,
  type FindingCode,
  SEVERITIES,
  type Severity,
} from './finding.ts';
export type { KubernetesObject, ObjectReference } from './kubernetes-object.ts';
export type { ExternalObject } from './references/external-object.ts';
export { auditReferences, type AuditReferencesOptions } from './references/audit-references.ts';
export { auditUse } from './references/audit-use.ts';
export { auditObjects, type AuditObjectsOptions } from './objects/audit-objects.ts';
export type { ObjectOrigin } from './objects/origin.ts';
export { auditApis, type AuditApisOptions } from './limits/audit-apis.ts';
export { auditSizes } from './limits/audit-sizes.ts';
export { knownVersions } from './limits/api-data.ts';
export { auditIngresses } from './isolation/audit-ingresses.ts';
export { auditIsolation, type AuditIsolationOptions } from './isolation/audit-isolation.ts';
export { type AuditPatchesOptions, auditPatches } from './patches/audit-patches.ts';
export {
  type EntryTrace,
  type ObjectEffect,
  OUTCOMES,
  type OperationOutcome,
  type OperationTrace,
  type PatchTrace,
  type TraceCounts,
} from './patches/trace.ts';
export { type TracePatchesOptions, tracePatches } from './patches/trace-patches.ts';
export { auditEnvironment, type AuditEnvironmentOptions } from './audit-environment.ts';
export {
  auditExamined,
  type ExaminedEnvironment,
  examineEnvironment,
  type ExamineEnvironmentOptions,
} from './examine-environment.ts';
export { changesBetween, type ValueChange } from './changes/changes-between.ts';
export type { CountedPosition, EffectOnObject, OperationEffects } from './patches/effects.ts';
export type { AcceptedFinding } from './acceptances/apply-acceptances.ts';
export type { AuditReport } from './report/audit-report.ts';
export { formatAudit, githubAnnotations } from './report/format-audit.ts';
export { auditScripts, scriptCoverage, type ScriptCoverage } from './scripts/audit-scripts.ts';
export { auditSecretFiles, type SecretFilesOptions } from './secret-files/audit-secret-files.ts';
