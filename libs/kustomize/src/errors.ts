export const KUSTOMIZE_ERROR_CODES = ['build-failed', 'empty-build'] as const;
export type KustomizeErrorCode = (typeof KUSTOMIZE_ERROR_CODES)[number];

/** kustomize could not build a directory. The message holds what kustomize said. */
export class KustomizeError extends Error {
  override readonly name = 'KustomizeError';
  readonly code: KustomizeErrorCode;

  constructor(code: KustomizeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
