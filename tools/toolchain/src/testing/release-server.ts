import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { platformOf } from '../platform.ts';

export type Answer = string | Buffer | ((request: IncomingMessage, answer: ServerResponse) => void);

/** A mirror of releases on loopback: paths without a leading slash, `{platform}` filled in. */
export class ReleaseServer {
  readonly requests: string[] = [];
  readonly answers = new Map<string, Answer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, answer) => {
      const path = decodeURIComponent(request.url ?? '/').slice(1);
      this.requests.push(path);
      const prepared = this.answers.get(path);
      if (prepared === undefined) answer.writeHead(404).end('not found');
      else if (typeof prepared === 'function') prepared(request, answer);
      else answer.writeHead(200, { 'content-length': Buffer.byteLength(prepared) }).end(prepared);
    });
  }

  static async start(answers: Record<string, Answer> = {}): Promise<ReleaseServer> {
    const server = new ReleaseServer();
    for (const [path, answer] of Object.entries(answers)) server.answer(path, answer);
    await new Promise<void>((listening) => server.#server.listen(0, '127.0.0.1', listening));
    return server;
  }

  answer(path: string, answer: Answer): void {
    this.answers.set(
      path.replace('{platform}', platformOf(process.platform, process.arch)),
      answer,
    );
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
