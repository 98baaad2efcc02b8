export { AUDIT_ERROR_CODES, AuditError, type AuditErrorCode } from './audit-error.ts';
export {
  type Finding,
  FINDING_CODES,
  type FindingCode,
  SEVERITIES,
  type Severity,
} from './finding.ts';
export type { KubernetesObject, ObjectReference } from './kubernetes-object.ts';
