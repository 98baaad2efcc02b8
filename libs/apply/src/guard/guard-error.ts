export const GUARD_ERROR_CODES = [
  /** The environment was not audited. */
  'audit-absent',
  /** Another manifest was audited than the one that is to be applied. */
  'audit-stale',
  /** The audit found errors. */
  'audit-failed',
  /** What a protected environment is made of is not committed, or it cannot be told. */
  'uncommitted',
  /** The user may not do in the cluster what an apply needs. */
  'forbidden',
] as const;
export type GuardErrorCode = (typeof GUARD_ERROR_CODES)[number];

/** An environment is not in the state in which it may be applied. Nothing was sent. */
export class GuardError extends Error {
  override readonly name = 'GuardError';
  readonly code: GuardErrorCode;

  constructor(code: GuardErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
