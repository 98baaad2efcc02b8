export const PROW_CONFIG_ERROR_CODES = [
  /** The environment has no configuration of Prow. */
  'config-absent',
  /** `configs/` is not there, or not what the files render to. */
  'not-rendered',
] as const;
export type ProwConfigErrorCode = (typeof PROW_CONFIG_ERROR_CODES)[number];

/** The configuration of Prow could not be checked. */
export class ProwConfigError extends Error {
  override readonly name = 'ProwConfigError';
  readonly code: ProwConfigErrorCode;

  constructor(code: ProwConfigErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
