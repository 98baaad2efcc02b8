export const AUDIT_ERROR_CODES = [
  /** The tree, or a file of it, cannot be read or parsed: there is no result, not an empty one. */
  'unreadable',
  /** A path, link or URL leads out of the audited root. */
  'outside',
  /** A file, an expansion of aliases or a nesting is larger than an audit takes. */
  'too-large',
  /** kustomize cannot build the tree. */
  'unbuildable',
] as const;
export type AuditErrorCode = (typeof AUDIT_ERROR_CODES)[number];

/** The audit could not be made. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
