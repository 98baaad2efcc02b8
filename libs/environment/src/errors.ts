export const ENVIRONMENT_ERROR_CODES = [
  'unknown-environment',
  'invalid-environment',
  'unknown-config-version',
  'missing-base-config',
  'invalid-config',
  'invalid-script',
  'invalid-job-config',
  'invalid-kustomization',
] as const;
export type EnvironmentErrorCode = (typeof ENVIRONMENT_ERROR_CODES)[number];

/** Something in an environment's own files is wrong. The message names each place as `file:line`. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code: EnvironmentErrorCode;

  constructor(code: EnvironmentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
