import type { ClusterIdentity } from '@prow-deploy/environment';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { ApiResourceIndex } from '../api-resource-index.ts';
import type { Cluster } from '../cluster.ts';
import { caSha256 } from '../kubeconfig/ca-sha256.ts';
import type { Credentials, CredentialsSource } from '../kubeconfig/credentials.ts';
import { abortable } from './abortable.ts';
import { ApiConnection } from './api-connection.ts';
import { apiErrorOf } from './api-error-of.ts';
import { deadlineIn } from './deadline.ts';
import { discover } from './discovery.ts';
import { readUid } from './read-uid.ts';
import { connectionFailure, unreachable } from './unreachable.ts';

interface CreateClusterOptions extends Pick<
  Cluster,
  'environment' | 'provider' | 'server' | 'kubeconfig' | 'context' | 'simulated'
> {
  readonly credentials: CredentialsSource;
  /** What to do when there is no answer. */
  readonly remedy: string;
  /** Ends every request. */
  readonly signal?: AbortSignal | undefined;
}

/** Files and plug-ins are asked for credentials again after this time, so that a long run outlives a short token. */
const CREDENTIALS_AGE_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 30_000;

/** A connection with these credentials; nothing is sent yet. */
export function createCluster(options: CreateClusterOptions): Cluster {
  const { environment, provider, server, kubeconfig, context, simulated, remedy } = options;
  const where = { environment, server, kubeconfig, context, remedy };
  const refusal =
    `The credentials of the context ${context} in the kubeconfig ${kubeconfig} are not accepted: ` +
    'log in again, or correct the kubeconfig.';
  const connection = new ApiConnection(server);
  const credentials = remembered(options.credentials);
  let index: Promise<ApiResourceIndex> | undefined;
  let identity: Promise<ClusterIdentity> | undefined;
  // The API server's clock, less this process's monotonic one. It tells whole seconds, so the greatest difference is right.
  let clock: number | undefined;

  async function request(wanted: ApiRequest): Promise<ApiResponse> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = wanted;
    const deadline = deadlineIn(timeoutMs, [wanted.signal, options.signal]);
    const { signal } = deadline;
    const send = async () => {
      const current = await abortable(credentials.get(), signal);
      return connection.send({ ...wanted, signal, credentials: current });
    };
    try {
      let answer = await sendAgainIfClosed(send, wanted);
      if (answer.status === 401) {
        credentials.forget();
        answer = await send();
      }
      const date = Date.parse(String(answer.headers['date']));
      if (!Number.isNaN(date)) clock = Math.max(clock ?? 0, date - performance.now());
      if (answer.status < 200 || answer.status > 299) {
        throw apiErrorOf(wanted, answer, refusal);
      }
      return answer;
    } catch (error) {
      wanted.signal?.throwIfAborted();
      options.signal?.throwIfAborted();
      if (deadline.passed()) {
        throw unreachable(where, `no answer within ${timeoutMs / 1000} s`, error);
      }
      if (isConnectionError(error)) {
        throw unreachable(where, connectionFailure(error), error);
      }
      throw error;
    } finally {
      deadline.clear();
    }
  }

  async function readIdentity(): Promise<ClusterIdentity> {
    const [uid, trusted] = await Promise.all([readUid(request, where), credentials.get()]);
    return { uid, server, caSha256: caSha256(trusted) };
  }

  return {
    environment,
    provider,
    server,
    kubeconfig,
    context,
    simulated,
    request,
    resources: ({ refresh = false } = {}) => {
      if (refresh) {
        index = undefined;
      }
      index ??= forgetFailure(discover(request), () => (index = undefined));
      return index;
    },
    identity: () => {
      identity ??= forgetFailure(readIdentity(), () => (identity = undefined));
      return identity;
    },
    now: () => new Date((clock ?? performance.timeOrigin) + performance.now()),
    close: () => {
      connection.close();
    },
  };
}

/**
 * The API server may close an idle connection just as it is used again. What can be sent twice without harm is then
 * sent once more, on a new connection.
 */
async function sendAgainIfClosed(
  send: () => Promise<ApiResponse>,
  { method = 'GET', contentType = '' }: ApiRequest,
): Promise<ApiResponse> {
  try {
    return await send();
  } catch (error) {
    const { reusedSocket, code } = error as NodeJS.ErrnoException & { reusedSocket?: boolean };
    const closed = reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
    if (closed && (method === 'GET' || contentType.startsWith('application/apply-patch'))) {
      return send();
    }
    throw error;
  }
}

function remembered(source: CredentialsSource): {
  get(): Promise<Credentials>;
  forget(): void;
} {
  let known: Promise<Credentials> | undefined;
  let since = 0;
  const forget = () => {
    known = undefined;
  };
  return {
    get: () => {
      if (known === undefined || Date.now() - since > CREDENTIALS_AGE_MS) {
        since = Date.now();
        known = forgetFailure(source(), forget);
      }
      return known;
    },
    forget,
  };
}

function forgetFailure<T>(promise: Promise<T>, forget: () => void): Promise<T> {
  promise.catch(forget);
  return promise;
}

function isConnectionError(error: unknown): boolean {
  return (
    error instanceof Error &&
    typeof (error as NodeJS.ErrnoException).code === 'string' &&
    !('status' in error) &&
    error.name !== 'ClusterError'
  );
}
