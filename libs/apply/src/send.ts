import { ApiError, type ApiRequest, type ApiResponse, type Cluster, ClusterError } from '@prow-deploy/cluster';

/** Options of {@link send}. */
export interface SendOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Must be safe to send twice. */
  readonly request: ApiRequest;
  /** Ends the waiting between tries; a request that is under way is finished. Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Further answers that are worth another try. Default: none. */
  readonly retryOn?: (error: ApiError) => boolean;
  /** Answers for which waiting would be in vain. Default: none. */
  readonly giveUpOn?: (error: ApiError) => boolean;
  /** How often it is tried again. Default: 5. */
  readonly retries?: number;
  /** The first pause; each is twice as long as the one before, and no pause exceeds 10 s. Default: 250 ms. */
  readonly pauseMs?: number;
}

const MAX_PAUSE_MS = 10_000;
const MAX_TOTAL_MS = 90_000;

/**
 * Sends a request, again with growing pauses while the API server is busy (429, 5xx) or out of reach; `Retry-After`
 * is honoured up to 10 s.
 *
 * @throws {ApiError} {ClusterError} the last answer, where the tries are used up or another try would not help.
 */
export async function send(options: SendOptions): Promise<ApiResponse> {
  const { cluster, request, signal, retries = 5, pauseMs = 250 } = options;
  const { retryOn = () => false, giveUpOn = () => false } = options;
  const { default: pRetry } = await import('p-retry');
  let response: ApiResponse | undefined;
  const attempt = async () => {
    response = await cluster.request(request);
    return response;
  };
  const tries = pRetry(attempt, {
    retries,
    minTimeout: pauseMs,
    maxTimeout: MAX_PAUSE_MS,
    maxRetryTime: MAX_TOTAL_MS,
    randomize: true,
    ...(signal === undefined ? {} : { signal }),
    shouldRetry: ({ error }) =>
      error instanceof ApiError
        ? !giveUpOn(error) && (isBusy(error) || retryOn(error))
        : error instanceof ClusterError && error.code === 'unreachable',
    onFailedAttempt: async ({ error, retriesLeft }) => {
      const seconds = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
      if (seconds <= 0 || retriesLeft === 0) return;
      await pause(Math.min(seconds * 1000, MAX_PAUSE_MS), signal);
    },
  });
  return tries.catch((error: unknown) => {
    // Aborted while the request was under way: p-retry drops its answer, but the work is done.
    if (response !== undefined) return response;
    throw error;
  });
}

/** Waits, and ends early with the signal's reason. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  try {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function isBusy({ status }: ApiError): boolean {
  return [429, 500, 502, 503, 504].includes(status);
}
