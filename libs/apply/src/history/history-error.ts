export const HISTORY_ERROR_CODES = [
  /** The cluster remembers no apply of that number. */
  'unknown-record',
  /** The manifest of that apply is not kept any more, or never was. */
  'manifest-gone',
] as const;
export type HistoryErrorCode = (typeof HISTORY_ERROR_CODES)[number];

/** An earlier apply cannot be gone back to. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
