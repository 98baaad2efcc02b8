import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Credentials } from '../kubeconfig/credentials.ts';
import {
  type Answer,
  bodyOf,
  parseBody,
  requestUrl,
  type SendOptions,
  withResolvers,
} from './send-request.ts';

/** NO_ERROR of RFC 9113, section 7. */
const NO_ERROR = 0;

/**
 * Opens an HTTP/2 session, in which any number of requests share one connection; `undefined` where the server speaks
 * HTTP/1.1 only. Rejects with what Node says when there is no connection.
 */
export async function openSession(
  server: string,
  { ca, cert, key, servername, rejectUnauthorized }: Credentials,
  signal: AbortSignal,
): Promise<ClientHttp2Session | undefined> {
  const { connect: connectTls } = await import('node:tls');
  const url = new URL(server);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const name = servername ?? (isIP(host) === 0 ? host : undefined);
  const { promise, resolve, reject } = withResolvers<TLSSocket>();
  const socket = connectTls({
    host,
    port: Number(url.port || 443),
    ALPNProtocols: ['h2', 'http/1.1'],
    ca,
    cert,
    key,
    ...(name === undefined ? {} : { servername: name }),
    ...(rejectUnauthorized === false ? { rejectUnauthorized: false } : {}),
  });
  const abort = () => {
    socket.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  socket.once('error', reject).once('secureConnect', () => {
    resolve(socket);
  });
  await promise.finally(() => {
    signal.removeEventListener('abort', abort);
    socket.off('error', reject);
  });
  if (socket.alpnProtocol !== 'h2') {
    socket.destroy();
    return undefined;
  }
  const { connect } = await import('node:http2');
  const session = connect(server, { createConnection: () => socket });
  // Its requests fail with it, and say so.
  session.on('error', () => undefined);
  return session;
}

/** Sends one request in a session and reads the whole answer. Rejects with what Node says when there is none. */
export function sendInSession(
  session: ClientHttp2Session,
  options: Omit<SendOptions, 'agent'>,
): Promise<Answer> {
  const { server, credentials, method = 'GET', accept = 'application/json', signal } = options;
  const { contentType = 'application/json' } = options;
  const { pathname, search } = requestUrl(server, options);
  const body = bodyOf(options);
  const own = Object.entries({ ...credentials.headers, ...options.headers }).map(
    ([name, value]) =>
      [name.toLowerCase(), typeof value === 'string' ? value : [...value]] as const,
  );
  const { promise, resolve, reject } = withResolvers<Answer>();
  const stream = session.request(
    {
      ...Object.fromEntries(own),
      ':method': method,
      ':path': `${pathname}${search}`,
      accept,
      'user-agent': 'prow-deploy',
      ...(body && { 'content-type': contentType, 'content-length': body.byteLength }),
    },
    // Said, because Node takes a DELETE for one without a body.
    { endStream: body === undefined },
  );
  const abort = () => {
    reject(signal.reason as Error);
    stream.close();
  };
  signal.addEventListener('abort', abort, { once: true });
  const chunks: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  stream
    .once('response', (given) => {
      headers = given;
    })
    .on('data', (chunk: Buffer) => {
      chunks.push(chunk);
    })
    .once('error', (cause) => {
      reject(lostConnection(cause));
    })
    .once('close', () => {
      signal.removeEventListener('abort', abort);
      const status = Number(headers[':status']);
      // Also an answer that was cut off ends: only how its stream was closed tells it from a whole one.
      if (stream.rstCode !== NO_ERROR || !Number.isInteger(status)) {
        reject(lostConnection());
        return;
      }
      const text = Buffer.concat(chunks).toString('utf8');
      try {
        resolve({ status, body: parseBody(text, headers['content-type']), headers });
      } catch (error) {
        reject(error as Error);
      }
    });
  if (body !== undefined) stream.end(body);
  return promise;
}

// As Node's HTTP/1.1 client says it, so that whoever decides on another try need not know the difference.
function lostConnection(cause?: unknown): Error {
  const error = new Error('the connection was lost', { cause });
  return Object.assign(error, { code: 'ECONNRESET', reusedSocket: true });
}
