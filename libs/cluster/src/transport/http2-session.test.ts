import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { sendInSession } from './http2-session.ts';

const open: { server: Http2Server; session: ClientHttp2Session }[] = [];

afterEach(() => {
  for (const { server, session } of open.splice(0)) {
    session.destroy();
    server.close();
  }
});

const JSON_ANSWER = { ':status': 200, 'content-type': 'application/json' };

/** Sends one request to a server that answers it so; `socket` is the connection. */
async function answeredBy(answer: (stream: ServerHttp2Stream, socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer()
    .on('connection', (socket: Socket) => sockets.push(socket))
    .on('sessionError', () => undefined)
    .on('stream', (stream) => {
      stream.on('error', () => undefined);
      const [socket] = sockets;
      if (socket !== undefined) answer(stream, socket);
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = connect(url).on('error', () => undefined);
  open.push({ server, session });
  return sendInSession(session, {
    server: url,
    path: '/api',
    credentials: { headers: {} },
    signal: new AbortController().signal,
  });
}

/** Writes, and does the rest once it is on its way. */
const soon = (work: () => void) => setTimeout(work, 20);
const lost = { code: 'ECONNRESET', reusedSocket: true };

describe('an answer', () => {
  test('that is whole is given, with its status', async () => {
    const answer = await answeredBy((stream) => {
      stream.respond({ ...JSON_ANSWER, ':status': 201 });
      stream.write('{"a":');
      soon(() => stream.end('1}'));
    });
    expect(answer).toMatchObject({ status: 201, body: { a: 1 } });
  });

  test('that has no body is whole, too', async () => {
    const answer = await answeredBy((stream) => {
      stream.respond(JSON_ANSWER, { endStream: true });
    });
    expect(answer).toMatchObject({ status: 200, body: undefined });
  });

  test('that says JSON and is none is an error', async () => {
    const answer = answeredBy((stream) => {
      stream.respond(JSON_ANSWER);
      stream.end('<html>');
    });
    await expect(answer).rejects.toBeInstanceOf(SyntaxError);
  });
});

// What was read until then may look like an answer: it must not be taken for one.
describe.each([
  ['before its body', ''],
  ['in its body', '{"metadata":'],
  ['behind what looks whole', '{"metadata":{}}'],
])('an answer that is cut off %s', (_, sent) => {
  const begun = (end: (stream: ServerHttp2Stream, socket: Socket) => void) =>
    answeredBy((stream, socket) => {
      stream.respond(JSON_ANSWER);
      if (sent !== '') stream.write(sent);
      soon(() => {
        end(stream, socket);
      });
    });

  test('as the server ends is a lost connection', async () => {
    await expect(begun((_stream, socket) => socket.destroy())).rejects.toMatchObject(lost);
  });

  test('as the connection is reset is a lost connection', async () => {
    await expect(begun((_stream, socket) => socket.resetAndDestroy())).rejects.toMatchObject(lost);
  });

  test('as the server gives up on it is a lost connection', async () => {
    const answer = begun((stream) => stream.destroy(new Error('cannot go on')));
    await expect(answer).rejects.toMatchObject(lost);
  });
});
