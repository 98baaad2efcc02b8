/** The addresses of one node and its pods: a block of 1024 that belongs to it alone. */
export interface NodeNetwork {
  /** All of it, in CIDR notation; the machine's route to the node. */
  readonly block: string;
  /** The pods' addresses. */
  readonly pods: string;
  /** The Services' addresses. */
  readonly services: string;
  /** The machine's end of the link. */
  readonly host: string;
  /** The node's end of the link: of its kubelet, its API server and its DNS. */
  readonly node: string;
}

/** Length of the prefix of the link between machine and node. */
export const LINK_PREFIX = 30;
const BLOCK_PREFIX = 22;

/**
 * Where blocks are taken from, in this order: first the range for benchmarks (RFC 2544), which hardly any network uses,
 * then the private ones.
 */
const RANGES = ['198.18.0.0/15', '10.0.0.0/8', '172.16.0.0/12'];

/** A range of IPv4 addresses, first and last included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Blocks that overlap none of the ranges in use, the likeliest first. The search starts where `seed` says, so that a
 * cluster tends to keep its addresses and two of them do not race for the same ones.
 */
export function* freeNetworks(used: readonly string[], seed: number): Generator<NodeNetwork> {
  const taken = used.flatMap((text) => parseRange(text) ?? []);
  const size = 2 ** (32 - BLOCK_PREFIX);
  for (const text of RANGES) {
    const range = parseRange(text) ?? { first: 0, last: -1 };
    const count = (range.last - range.first + 1) / size;
    for (let step = 0; step < count; step++) {
      const first = range.first + ((seed + step) % count) * size;
      const last = first + size - 1;
      if (!taken.some((other) => other.first <= last && first <= other.last)) {
        yield networkAt(first);
      }
    }
  }
}

function networkAt(first: number): NodeNetwork {
  return {
    block: `${dotted(first)}/${BLOCK_PREFIX}`,
    pods: `${dotted(first)}/24`,
    services: `${dotted(first + 256)}/24`,
    host: dotted(first + 513),
    node: dotted(first + 514),
  };
}

/** `10.0.0.0/8` or `10.0.0.1`; `undefined` for what is no IPv4 range, such as the default route. */
function parseRange(text: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number);
  const size = 2 ** (32 - Number(match[5] ?? 32));
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  // The default route, also written as two halves, is no network in use.
  return size >= 2 ** 31 ? undefined : { first, last: first + size - 1 };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
