import type { Namespaces } from './namespaces.ts';
import { within } from './namespaces.ts';
import type { NodeFolder } from './node-folder.ts';
import { freeNetworks, LINK_PREFIX, type NodeNetwork } from './node-network.ts';
import type { SystemPrograms } from './programs.ts';
import { StartFailure } from '../embedded/start-failure.ts';
import { usedNetworks } from './used-networks.ts';

interface LinkOptions {
  readonly node: NodeFolder;
  readonly namespaces: Namespaces;
  readonly programs: SystemPrograms;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * The node's side. Services have a route of their own, because a packet needs one before kube-proxy gives it another
 * destination; without a gateway in it, what kube-proxy does not know ends here.
 */
const INSIDE_NODE = `
set -eu
ip link set lo up
ip address add "$1" dev eth0
ip link set eth0 up
ip route add "$2" dev eth0 src "$3"
echo 1 > /proc/sys/net/ipv4/ip_forward
`;

/**
 * Links the machine with the node's network namespace, by a pair of interfaces and one route, and returns the addresses.
 * Nothing else can reach the node, and it reaches nothing but the machine. The link is gone when the namespace is.
 *
 * @throws {StartFailure}
 */
export async function linkNode(options: LinkOptions): Promise<NodeNetwork> {
  const { node, namespaces, programs, seed, signal } = options;
  const { link } = node;
  await ip(
    options,
    'link',
    'add',
    link,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    String(namespaces.init),
  );
  await ip(options, 'link', 'set', link, 'up');
  for (const network of freeNetworks(await usedNetworks(programs.paths.ip), seed)) {
    if (!(await claim(options, network))) {
      continue;
    }
    const { execa } = await import('execa');
    const inside = [
      ...within(namespaces, programs),
      ...['/bin/sh', '-c', INSIDE_NODE, 'link'],
      ...[`${network.node}/${LINK_PREFIX}`, network.services, network.node],
    ] as const;
    const [command, ...rest] = inside;
    const { failed, stderr } = await execa(command, rest, {
      env: { PATH: programs.searchPath },
      cancelSignal: signal,
      reject: false,
    });
    signal.throwIfAborted();
    if (failed) {
      throw new StartFailure(`the node's end of its link cannot be set up: ${stderr}`);
    }
    await ip(options, 'address', 'add', `${network.host}/${LINK_PREFIX}`, 'dev', link);
    return network;
  }
  throw new StartFailure('no range of 1024 private IPv4 addresses is free on this machine');
}

// Only one process on the machine can have added the route to a block, so that one has the block.
async function claim(options: LinkOptions, { block, node }: NodeNetwork): Promise<boolean> {
  const { link } = options.node;
  const args = ['route', 'add', block, 'via', node, 'dev', link, 'onlink'];
  const { failed, stderr } = await runIp(options, args);
  if (failed && !stderr.includes('File exists')) {
    throw new StartFailure(`ip ${args.join(' ')} failed: ${stderr}`);
  }
  return !failed;
}

async function ip(options: LinkOptions, ...args: readonly string[]): Promise<void> {
  const { failed, stderr } = await runIp(options, args);
  if (failed) {
    throw new StartFailure(`ip ${args.join(' ')} failed: ${stderr}`);
  }
}

async function runIp(
  { programs, signal }: LinkOptions,
  args: readonly string[],
): Promise<{ readonly failed: boolean; readonly stderr: string }> {
  const { execa } = await import('execa');
  const { failed, stderr } = await execa(programs.paths.ip, args, {
    cancelSignal: signal,
    reject: false,
  });
  signal.throwIfAborted();
  return { failed, stderr };
}
