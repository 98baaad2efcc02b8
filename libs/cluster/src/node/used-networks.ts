import { existsSync } from 'node:fs';

interface AddressEntry {
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

interface RouteEntry {
  readonly dst?: string;
}

/** The IPv4 addresses and routes of this machine, in CIDR notation. */
export async function usedNetworks(ip: string): Promise<readonly string[]> {
  const { execa } = await import('execa');
  const read = async (...args: string[]) =>
    JSON.parse((await execa(ip, ['-4', '-json', ...args])).stdout || '[]') as unknown;
  const [addresses, routes] = await Promise.all([
    read('address', 'show'),
    read('route', 'show', 'table', 'all'),
  ]);
  return [
    ...(addresses as readonly AddressEntry[]).flatMap(({ addr_info = [] }) =>
      addr_info.flatMap(({ local, prefixlen }) =>
        local === undefined ? [] : [`${local}/${prefixlen ?? 32}`],
      ),
    ),
    ...(routes as readonly RouteEntry[]).flatMap(({ dst }) => dst ?? []),
  ];
}

/** Whether the machine has a network interface of this name. */
export function hasInterface(name: string): boolean {
  return existsSync(`/sys/class/net/${name}`);
}
