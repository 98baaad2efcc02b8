import { access, constants } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

/** What the system has to bring, and the Debian package that has it. */
export const PROGRAMS = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'util-linux',
  ip: 'iproute2',
  nft: 'nftables',
  runc: 'runc',
} as const;
export type Program = keyof typeof PROGRAMS;

/** Where distributions put the plugins of the Container Network Interface. */
const CNI_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'];
export const CNI_PLUGINS = ['loopback', 'ptp', 'host-local'] as const;
export const CNI_PACKAGE = 'containernetworking-plugins';

/** Often missing from the PATH of people, where most of {@link PROGRAMS} are. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Absolute paths of what the system brings. */
export interface SystemPrograms {
  readonly paths: Readonly<Record<Program, string>>;
  readonly cniFolder: string;
  /** PATH of what runs in the node. */
  readonly searchPath: string;
}

/** What is there, and the names of the packages of what is not. */
export interface FoundPrograms {
  /** Absent where anything is missing. */
  readonly programs?: SystemPrograms;
  readonly missingPackages: readonly string[];
}

/** Looks for what a node needs of its system. */
export async function findPrograms(path = process.env['PATH'] ?? ''): Promise<FoundPrograms> {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...SYSTEM_FOLDERS];
  const names = Object.keys(PROGRAMS) as Program[];
  const found = await Promise.all(
    names.map(async (name) => [name, await firstExecutable(folders, name)] as const),
  );
  const cniFolder = await firstWithPlugins(CNI_FOLDERS);
  const missing = new Set<string>(
    found.flatMap(([name, path]) => (path === undefined ? [PROGRAMS[name]] : [])),
  );
  if (cniFolder === undefined) {
    missing.add(CNI_PACKAGE);
  }
  if (missing.size > 0 || cniFolder === undefined) {
    return { missingPackages: [...missing].sort() };
  }
  const paths = Object.fromEntries(found) as Record<Program, string>;
  const searchPath = [...new Set([...Object.values(paths).map(dirname), ...SYSTEM_FOLDERS])];
  return {
    programs: { paths, cniFolder, searchPath: searchPath.join(delimiter) },
    missingPackages: [],
  };
}

async function firstExecutable(
  folders: readonly string[],
  name: string,
): Promise<string | undefined> {
  for (const folder of folders) {
    if (await isExecutable(join(folder, name))) {
      return join(folder, name);
    }
  }
  return undefined;
}

async function firstWithPlugins(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const there = await Promise.all(CNI_PLUGINS.map((name) => isExecutable(join(folder, name))));
    if (there.every(Boolean)) {
      return folder;
    }
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
