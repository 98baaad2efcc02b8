import type { Cluster } from '../cluster.ts';
import { READY_PORTS } from './daemon-files.ts';

/** Where each says that it is ready. */
const PATHS = { coredns: '/ready', 'kube-proxy': '/healthz' } as const;
const TIMEOUT_MS = 2000;

/** Why a daemon without a condition of the node's own cannot be used yet, or `undefined` when it can. */
export async function daemonNotReady(
  { server }: Pick<Cluster, 'server'>,
  daemon: keyof typeof PATHS,
): Promise<string | undefined> {
  const { hostname } = new URL(server);
  const url = `http://${hostname}:${READY_PORTS[daemon]}${PATHS[daemon]}`;
  const { request } = await import('node:http');
  return new Promise((resolve) => {
    const notReady = () => {
      resolve(`not ready: ${daemon}`);
    };
    // Without an agent the connection is closed at the answer, and no proxy of the environment is asked.
    request(url, { agent: false, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve(undefined);
      else notReady();
    })
      .once('timeout', function (this: { destroy: () => void }) {
        this.destroy();
      })
      .once('error', notReady)
      .end();
  });
}
