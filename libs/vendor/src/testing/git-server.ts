import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';

/** A repository served over git's own protocol, whose connection can be made to break. */
export interface GitServer {
  /** `git://127.0.0.1:<port>/` */
  readonly url: string;
  /** How many bytes were sent since the last {@link breakAfter}, in all connections together. */
  sent(): number;
  /** Lets the connection break when so many bytes were sent. */
  breakAfter(bytes: number): void;
  close(): Promise<void>;
}

/** Serves a repository on loopback. */
export async function gitServer(repository: string): Promise<GitServer> {
  let sent = 0;
  let limit = Infinity;
  const server = createServer((socket) => {
    const git = spawn('git', ['-c', 'uploadpack.allowFilter=true', 'upload-pack', repository], {
      env: { ...process.env, GIT_PROTOCOL: 'version=2' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const end = (): void => {
      socket.destroy();
      git.kill();
    };
    socket.on('error', end).on('close', end);
    git.stdin.on('error', end);
    // The first line says which repository is meant.
    let isGreeted = false;
    let head = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      if (isGreeted) {
        git.stdin.write(data);
        return;
      }
      head = Buffer.concat([head, data]);
      const length = Number.parseInt(head.subarray(0, 4).toString('latin1'), 16);
      if (head.length < 4 || head.length < length) return;
      isGreeted = true;
      git.stdin.write(head.subarray(length));
    });
    git.stdout.on('data', (data: Buffer) => {
      const rest = Math.max(0, limit - sent);
      sent += data.length;
      socket.write(data.subarray(0, rest), () => {
        if (data.length > rest) end();
      });
    });
    git.stdout.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `git://127.0.0.1:${port}/`,
    sent: () => sent,
    breakAfter: (bytes) => {
      sent = 0;
      limit = bytes;
    },
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}
