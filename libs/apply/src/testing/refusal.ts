import { ApiError, type ApiErrorCause, ClusterError } from '@prow-deploy/cluster';

/** What an API server answers when it refuses. */
export function refusal(
  status: number,
  serverMessage: string,
  causes: readonly ApiErrorCause[] = [],
  retryAfterSeconds?: number,
): ApiError {
  return new ApiError(serverMessage, {
    status,
    reason: '',
    serverMessage,
    causes,
    retryAfterSeconds,
  });
}

/** What there is where no API server answers. */
export function unreachable(): ClusterError {
  return new ClusterError('unreachable', 'no answer');
}
