export const SECRETS_ERROR_CODES = [
  'invalid-shape',
  'unknown-secret-file',
  'unusable-value',
  'missing-source',
  'unsafe-source',
  'locked',
  'changed-values',
  'unfilled-placeholder',
  'unreadable-repository',
] as const;
export type SecretsErrorCode = (typeof SECRETS_ERROR_CODES)[number];

/** A secret is missing or unusable. The message names files and keys, never a value. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
  readonly code: SecretsErrorCode;

  constructor(code: SecretsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
