import { randomBytes } from 'node:crypto';
import type { ProcessId } from '../embedded/process-table.ts';
import type { NodeNetwork } from './node-network.ts';
import { type DaemonOptions, startDaemon } from './start-daemon.ts';

/** In the node's network namespace, where nobody else has ports. */
const ADDRESS = '127.0.0.1:3128';

/** Containerd's way to the registries. */
export interface Egress {
  readonly egress: ProcessId;
  /** What whoever uses it needs in its environment; secret, because all others on the node have no way out. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts the proxy through which containerd pulls images as this machine would: it listens in the node, connects from the
 * machine's network namespace, and knows only who has its password. So no rule of the machine's firewall is needed, and
 * pods have no part in it.
 */
export async function startEgress(
  binary: string,
  { network, ...options }: DaemonOptions & { readonly network: NodeNetwork },
): Promise<Egress> {
  const password = randomBytes(24).toString('hex');
  const egress = await startDaemon('egress', [binary, ADDRESS], options, {
    env: { EGRESS_PASSWORD: password },
    seesMachine: true,
  });
  const proxy = `http://egress:${password}@${ADDRESS}`;
  const env = {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: `${network.block},localhost,127.0.0.0/8,.svc,.cluster.local`,
  };
  return { egress, env };
}
