import http from 'node:http';
import https from 'node:https';
import type { ApiRequest, ApiResponse } from '../api-request.ts';
import type { Credentials } from '../kubeconfig/credentials.ts';

/** An answer, whatever its status. */
export type Answer = ApiResponse;

/** Options of {@link sendRequest}. */
export interface SendOptions extends ApiRequest {
  readonly server: string;
  readonly credentials: Credentials;
  readonly agent: https.Agent;
  readonly signal: AbortSignal;
}

/** Sends one request and reads the whole answer. Rejects with what Node says when there is none. */
export function sendRequest(options: SendOptions): Promise<Answer> {
  const { server, credentials, method = 'GET', accept = 'application/json' } = options;
  const { contentType = 'application/json' } = options;
  const url = requestUrl(server, options);
  const body = bodyOf(options);
  const headers: http.OutgoingHttpHeaders = { accept, 'user-agent': 'prow-deploy' };
  for (const [name, value] of Object.entries(credentials.headers)) {
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  Object.assign(headers, options.headers);
  if (body !== undefined) {
    headers['content-type'] = contentType;
    headers['content-length'] = body.byteLength;
  }
  const { promise, resolve, reject } = withResolvers<Answer>();
  const shared = { method, headers, signal: options.signal };
  const request =
    url.protocol === 'http:'
      ? http.request(url, shared)
      : https.request(url, {
          ...shared,
          agent: credentials.agent ?? options.agent,
          ca: credentials.ca,
          cert: credentials.cert,
          key: credentials.key,
          ...(credentials.servername ? { servername: credentials.servername } : {}),
          ...(credentials.rejectUnauthorized === false ? { rejectUnauthorized: false } : {}),
        });
  request.on('error', (error: NodeJS.ErrnoException) => {
    reject(Object.assign(error, { reusedSocket: request.reusedSocket }));
  });
  request.on('response', (response) => {
    readBody(response)
      .then((text) => {
        resolve({
          status: response.statusCode ?? 0,
          body: parseBody(text, response.headers['content-type']),
          headers: response.headers,
        });
      })
      .catch((error: unknown) => {
        reject(error as Error);
      });
  });
  request.end(body);
  return promise;
}

/** The bytes that a request sends. */
export function bodyOf({ body, text }: ApiRequest): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text);
  return body === undefined ? undefined : Buffer.from(JSON.stringify(body));
}

/** Where a request goes to. */
export function requestUrl(server: string, { path, query }: ApiRequest): URL {
  const url = new URL(server + path);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) {
      url.searchParams.set(name, String(value));
    }
  }
  return url;
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The content of an answer: JSON parsed, other types as text, `undefined` where it is empty. */
export function parseBody(text: string, contentType = ''): unknown {
  if (text === '') {
    return undefined;
  }
  return contentType.startsWith('application/json') ? (JSON.parse(text) as unknown) : text;
}

/** As `Promise.withResolvers`, which Node 20 lacks. */
export function withResolvers<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
