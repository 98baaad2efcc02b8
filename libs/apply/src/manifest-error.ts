export const MANIFEST_ERROR_CODES = [
  /** The text is not YAML. */
  'syntax',
  /** A document, or an item of a List, is no Kubernetes object: apiVersion, kind or name is missing. */
  'not-an-object',
  /** The same object is there twice. */
  'duplicate',
] as const;
export type ManifestErrorCode = (typeof MANIFEST_ERROR_CODES)[number];

/** A manifest that cannot be applied as it stands. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  /** Line of the manifest, from 1. */
  readonly line: number;

  constructor(code: ManifestErrorCode, line: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.line = line;
  }
}
