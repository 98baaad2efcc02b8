import { ApiError } from '@prow-deploy/cluster';

/** What a busy API server answers. */
export function busy(retryAfterSeconds: number): ApiError {
  const details = { status: 429, reason: 'TooManyRequests', serverMessage: '', causes: [] };
  return new ApiError('busy', { ...details, retryAfterSeconds });
}
