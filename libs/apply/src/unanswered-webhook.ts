import type { ApiError } from '@prow-deploy/cluster';

/** An admission webhook is configured, and nobody answers for it. */
export function isUnansweredWebhook({ serverMessage }: Pick<ApiError, 'serverMessage'>): boolean {
  return /failed (?:calling|to call) webhook/.test(serverMessage);
}
