/** What an API server says when it refuses; the shape of `Status` in meta/v1, as far as it was sent. */
export interface ApiErrorDetails {
  /** HTTP status. */
  readonly status: number;
  /** `reason` of the Status object, such as `NotFound` or `Conflict`; empty where there is none. */
  readonly reason: string;
  /** `message` of the Status object, or the beginning of the answer's text. */
  readonly serverMessage: string;
  /** `details.causes` of the Status object. */
  readonly causes: readonly ApiErrorCause[];
  /** From the header `Retry-After`, or `details.retryAfterSeconds`. */
  readonly retryAfterSeconds?: number | undefined;
}

/** One reason among several, such as one invalid field, or one field manager in conflict. */
export interface ApiErrorCause {
  readonly reason: string;
  readonly message: string;
  /** Path of the field, such as `spec.replicas`; empty where there is none. */
  readonly field: string;
}

/** The API server answered, and not with 2xx. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reason: string;
  readonly serverMessage: string;
  readonly causes: readonly ApiErrorCause[];
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, details: ApiErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.status = details.status;
    this.reason = details.reason;
    this.serverMessage = details.serverMessage;
    this.causes = details.causes;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
