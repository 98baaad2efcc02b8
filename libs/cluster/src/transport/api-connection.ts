import type { ClientHttp2Session } from 'node:http2';
import { Agent } from 'node:https';
import type { Credentials } from '../kubeconfig/credentials.ts';
import { abortable } from './abortable.ts';
import { openSession, sendInSession } from './http2-session.ts';
import { type Answer, sendRequest, type SendOptions } from './send-request.ts';

const HTTP1_CONNECTIONS = 6;

/**
 * The way to one API server: an HTTP/2 session where the server has it, which costs one TLS handshake for any number of
 * requests at once, else a few HTTP/1.1 connections. Nothing is opened before the first request, and what is idle keeps no
 * process alive.
 */
export class ApiConnection {
  readonly #server: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: HTTP1_CONNECTIONS });
  readonly #closed = new AbortController();
  #opening: Promise<ClientHttp2Session | undefined> | undefined;
  #credentials: Credentials | undefined;
  #active = 0;

  constructor(server: string) {
    this.#server = server;
  }

  /** Sends one request and reads the whole answer. Rejects with what Node says when there is none. */
  async send(options: Omit<SendOptions, 'server' | 'agent'>): Promise<Answer> {
    const whole = { ...options, server: this.#server, agent: this.#agent };
    const { credentials, signal } = options;
    // A proxy's agent speaks HTTP/1.1.
    const plain = !this.#server.startsWith('https:') || credentials.agent !== undefined;
    const session = plain ? undefined : await abortable(this.#session(credentials), signal);
    if (session === undefined) return sendRequest(whole);
    this.#active += 1;
    session.ref();
    try {
      return await sendInSession(session, whole);
    } finally {
      this.#active -= 1;
      if (this.#active === 0 && !session.destroyed) session.unref();
    }
  }

  /** Closes what is open. A later request opens nothing anew. */
  close(): void {
    this.#closed.abort(new Error('The connection to the cluster was closed.'));
    this.#agent.destroy();
    this.#opening?.then(
      (session) => session?.destroy(),
      () => undefined,
    );
  }

  // One session for all; another one where it was lost, or where the credentials of the connection changed.
  #session(credentials: Credentials): Promise<ClientHttp2Session | undefined> {
    if (this.#opening !== undefined && isSame(this.#credentials, credentials)) {
      return this.#opening;
    }
    const opening = openSession(this.#server, credentials, this.#closed.signal);
    this.#opening = opening;
    this.#credentials = credentials;
    const forget = () => {
      if (this.#opening === opening) this.#opening = undefined;
    };
    opening.then(
      // An HTTP/1.1 server stays one.
      (session) => session?.once('goaway', forget).once('close', forget),
      forget,
    );
    return opening;
  }
}

function isSame(one: Credentials | undefined, other: Credentials): boolean {
  if (one === other) return true;
  const parts = ['ca', 'cert', 'key'] as const;
  return parts.every((part) => String(one?.[part]) === String(other[part]));
}
