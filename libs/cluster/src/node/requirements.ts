import { statfsSync } from 'node:fs';
import type { ClusterOptions } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { missingControllers } from './cgroups.ts';
import { findPrograms, type SystemPrograms } from './programs.ts';

/** Where an overlay cannot have its upper folder: another overlay, as in most containers (statfs(2)). */
const OVERLAYFS_MAGIC = 0x794c7630;

/**
 * What a node needs of this machine. Nothing is started or changed.
 *
 * @throws {ClusterError} `start-failed` with all that is missing at once, and how to get each.
 */
export async function requireNodeMachine({
  environment,
}: Pick<ClusterOptions, 'environment'>): Promise<SystemPrograms> {
  const { programs, problems } = await nodeMachine();
  if (programs === undefined || problems.length > 0) {
    throw new ClusterError(
      'start-failed',
      `Cannot run a node for ${environment} on this machine:\n` +
        problems.map((problem) => `  - ${problem}\n`).join('') +
        'Without that, "provider: embedded" runs the same control plane with simulated nodes.',
    );
  }
  return programs;
}

async function nodeMachine(): Promise<{
  readonly programs?: SystemPrograms;
  readonly problems: readonly string[];
}> {
  if (process.platform !== 'linux') {
    return {
      problems: [`it runs ${process.platform}, and containers need Linux: use a virtual machine`],
    };
  }
  const { programs, missingPackages } = await findPrograms();
  const problems: string[] = [];
  if (process.getuid?.() !== 0) {
    problems.push(
      'you are not root: run the same command as root, such as by "sudo -E env PATH=$PATH"',
    );
  }
  if (missingPackages.length > 0) {
    problems.push(
      `programs are missing: apt-get install ${missingPackages.join(' ')} (or the packages with the same programs ` +
        'of another distribution)',
    );
  }
  const controllers = missingControllers();
  if (controllers.length > 0) {
    problems.push(
      `there is no cgroup controller ${controllers.join(', ')}: mount it below /sys/fs/cgroup, or enable it on the ` +
        "kernel's command line; in a container, run that one with --privileged",
    );
  }
  if (programs !== undefined && process.getuid?.() === 0) {
    problems.push(...(await missingRights(programs)));
  }
  return { ...(programs && { programs }), problems };
}

// Root in a container often is root without these rights.
async function missingRights({ paths }: SystemPrograms): Promise<readonly string[]> {
  const { execa } = await import('execa');
  const unshare = ['--net', '--mount', '--pid', '--fork', '--'];
  const { failed, stderr } = await execa(paths.unshare, [...unshare, 'true'], { reject: false });
  if (failed) {
    return [
      `namespaces cannot be made (${stderr.trim()}): in a container, run that one with --privileged`,
    ];
  }
  const nft = await execa(paths.unshare, [...unshare, paths.nft, 'list', 'ruleset'], {
    reject: false,
  });
  return nft.failed
    ? [`the kernel has no nftables (${nft.stderr.trim()}): load its module nf_tables`]
    : [];
}

/** How containerd stacks the layers of an image in this folder. */
export function snapshotterFor(folder: string): 'overlayfs' | 'native' {
  return statfsSync(folder).type === OVERLAYFS_MAGIC ? 'native' : 'overlayfs';
}
