export const INVENTORY_ERROR_CODES = [
  /** The ConfigMap is there, and was damaged. */
  'unreadable',
  /** There is none where one is needed. */
  'absent',
  /** It belongs to another environment. */
  'foreign',
  /** Another is applying. */
  'claimed',
] as const;
export type InventoryErrorCode = (typeof INVENTORY_ERROR_CODES)[number];

/** The inventory cannot be used. */
export class InventoryError extends Error {
  override readonly name = 'InventoryError';
  readonly code: InventoryErrorCode;

  constructor(code: InventoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
