import { ApiError, type ApiRequest, ClusterError } from '@prow-deploy/cluster';
import type { SmokeContext } from './smoke-check.ts';

/** What a component answered. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 10_000;
const QUOTED = 200;

/**
 * Asks a component through the API server, whatever status it answers with.
 *
 * @throws {Error} in words where the component does not answer, or the API server does not let it be asked.
 */
export async function ask(
  { cluster, signal }: SmokeContext,
  request: ApiRequest,
): Promise<Answered> {
  try {
    const { status, body } = await cluster.request({
      accept: '*/*',
      timeoutMs: TIMEOUT_MS,
      signal,
      ...request,
    });
    return { status, text: typeof body === 'string' ? body : JSON.stringify(body ?? '') };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ApiError && error.reason === '') {
      return { status: error.status, text: error.serverMessage };
    }
    if (error instanceof ApiError) throw new Error(unreachable(error), { cause: error });
    if (error instanceof ClusterError && error.code === 'unreachable') {
      throw new Error(`it does not answer within ${TIMEOUT_MS / 1000} s`, { cause: error });
    }
    throw error;
  }
}

function unreachable({ serverMessage, status }: ApiError): string {
  if (/no endpoints available/.test(serverMessage)) return 'no pod of it is ready';
  const dialled = /dial tcp [^ ]+:(\d+): (?:connect: )?(.*)$/.exec(serverMessage);
  if (dialled) return `nothing answers at port ${dialled[1] ?? ''}: ${dialled[2] ?? ''}`;
  return `${serverMessage} (${status})`;
}

/** What an answer says that is not the expected one. */
export function unexpected({ status, text }: Answered, expected: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ').slice(0, QUOTED);
  return `it answers ${status}${line === '' ? '' : ` and "${line}"`} instead of ${expected}`;
}
