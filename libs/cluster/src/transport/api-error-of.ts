import { ApiError, type ApiErrorCause } from '../api-error.ts';
import type { ApiRequest, ApiResponse } from '../api-request.ts';

interface StatusObject {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
    readonly retryAfterSeconds?: number;
  };
}

/** Longest part of an answer that is not a Status object to be quoted; a proxy may answer with a whole page. */
const LONGEST_TEXT = 300;

/** The error for an answer that is not 2xx. `remedy` is added when the credentials were refused. */
export function apiErrorOf(request: ApiRequest, answer: ApiResponse, remedy: string): ApiError {
  const status = statusObject(answer.body);
  const serverMessage = status?.message ?? textOf(answer.body);
  const reason = status?.reason ?? '';
  const { method = 'GET', path } = request;
  const code = reason ? `${answer.status} ${reason}` : String(answer.status);
  const what = serverMessage ? `${serverMessage} (${code})` : code;
  return new ApiError(
    `Cannot ${method} ${path}: ${what}.${answer.status === 401 ? ` ${remedy}` : ''}`,
    {
      status: answer.status,
      reason,
      serverMessage,
      causes: (status?.details?.causes ?? []).map(
        ({ reason = '', message = '', field = '' }): ApiErrorCause => ({ reason, message, field }),
      ),
      retryAfterSeconds: retryAfter(answer) ?? status?.details?.retryAfterSeconds,
    },
  );
}

function statusObject(body: unknown): StatusObject | undefined {
  const object = typeof body === 'object' && body !== null ? (body as StatusObject) : undefined;
  return object?.kind === 'Status' ? object : undefined;
}

function textOf(body: unknown): string {
  const text = typeof body === 'string' ? body.trim() : '';
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function retryAfter({ headers }: ApiResponse): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
