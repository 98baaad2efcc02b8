import {
  ApiError,
  type ApiRequest,
  type ApiResponse,
  type Cluster,
  ClusterError,
} from '@prow-deploy/cluster';

/** Options of {@link persistently}. */
export interface PersistentlyOptions {
  /** Ends the waiting between tries; what is under way is finished. Default: never aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Further answers that are worth another try. Default: none. */
  readonly retryOn?: (error: ApiError) => boolean;
  /** Answers for which waiting would be in vain. Default: none. */
  readonly giveUpOn?: (error: ApiError) => boolean;
  /** How often it is tried again. Default: 8. */
  readonly retries?: number;
  /** The first pause; each is twice as long as the one before, and no pause exceeds 10 s. Default: 250 ms. */
  readonly pauseMs?: number;
}

/** Options of {@link send}. */
export interface SendOptions extends PersistentlyOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Must be safe to send twice. */
  readonly request: ApiRequest;
}

const MAX_PAUSE_MS = 10_000;
const MAX_TOTAL_MS = 90_000;
// Answered with 500, and always will be: the object's shape does not fit its kind.
const ILL_SHAPED = /failed to (?:create typed|convert new) /;

/**
 * Sends a request, again with growing pauses while the API server is busy (429, 5xx) or out of reach; `Retry-After`
 * is honoured up to 10 s.
 *
 * @throws {ApiError} {ClusterError} the last answer, where the tries are used up or another try would not help.
 */
export async function send({ cluster, request, ...options }: SendOptions): Promise<ApiResponse> {
  return persistently(() => cluster.request(request), options);
}

/** Does work that asks the API server, again as {@link send} does. It must be safe to do twice. */
export async function persistently<T>(
  work: () => Promise<T>,
  options: PersistentlyOptions = {},
): Promise<T> {
  const { signal, retries = 8, pauseMs = 250 } = options;
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    if (retries === 0 || !isWorthAnotherTry(error, options)) throw error;
    await pause(Math.max(retryAfterMs(error), pauseMs), signal);
  }

  // Loaded only where it is needed: what is asked before each task must cost next to nothing.
  const { default: pRetry } = await import('p-retry');
  let done: { readonly result: T } | undefined;
  const attempt = async () => {
    const result = await work();
    done = { result };
    return result;
  };
  const tries = pRetry(attempt, {
    retries: retries - 1,
    minTimeout: 2 * pauseMs,
    maxTimeout: MAX_PAUSE_MS,
    maxRetryTime: MAX_TOTAL_MS,
    randomize: true,
    ...(signal === undefined ? {} : { signal }),
    shouldRetry: ({ error }) => isWorthAnotherTry(error, options),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      const waitMs = retriesLeft === 0 ? 0 : retryAfterMs(error);
      if (waitMs > 0) await pause(waitMs, signal);
    },
  });
  return tries.catch((error: unknown) => {
    // Aborted while the request was under way: p-retry drops its answer, but the work is done.
    if (done !== undefined) return done.result;
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

function isWorthAnotherTry(error: unknown, options: PersistentlyOptions): boolean {
  const { retryOn = () => false, giveUpOn = () => false } = options;
  if (error instanceof ClusterError) return error.code === 'unreachable';
  if (!(error instanceof ApiError)) return false;
  if (giveUpOn(error) || ILL_SHAPED.test(error.serverMessage)) return false;
  return [429, 500, 502, 503, 504].includes(error.status) || retryOn(error);
}

function retryAfterMs(error: unknown): number {
  const seconds = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.min(Math.max(seconds, 0) * 1000, MAX_PAUSE_MS);
}
