export const DEBUG_ERROR_CODES = [
  /** The environment has no such component, or it has no such container. */
  'unknown-component',
  /** Nothing runs in this cluster. */
  'simulated',
  /** What is to be run cannot be built, or not be brought to the cluster. */
  'source',
  /** The pod did not start. */
  'not-started',
  /** The pod could not be removed. */
  'left-over',
] as const;
export type DebugErrorCode = (typeof DEBUG_ERROR_CODES)[number];

/** A component cannot be debugged; the message says why and what to do. */
export class DebugError extends Error {
  override readonly name = 'DebugError';
  readonly code: DebugErrorCode;

  constructor(code: DebugErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
