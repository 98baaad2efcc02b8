import { createServer } from 'node:net';

/** Below the range from which Linux takes ports for outgoing connections (32768 and up), and off the well-known ones. */
const FIRST = 20_000;
const LAST = 32_700;

/**
 * Free ports on loopback. The search starts where `seed` says, so that a cluster tends to keep its ports, and two
 * clusters that start at once do not race for the same ones.
 *
 * @throws {Error} when there are not enough.
 */
export async function freePorts(count: number, seed: number): Promise<readonly number[]> {
  const size = LAST - FIRST + 1;
  const found: number[] = [];
  for (let step = 0; step < size && found.length < count; step++) {
    const port = FIRST + ((seed + step) % size);
    if (await isFree(port)) {
      found.push(port);
    }
  }
  if (found.length < count) {
    throw new Error(`Cannot find ${count} free ports between ${FIRST} and ${LAST}.`);
  }
  return found;
}

// A port that another process has on any address is not free: 127.0.0.1 alone would miss one bound with SO_REUSEADDR.
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
