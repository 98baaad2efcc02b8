import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from '../cluster-error.ts';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import { removeCgroup } from './cgroups.ts';
import { nodeFolder } from './node-folder.ts';
import { findPrograms } from './programs.ts';
import { hasInterface } from './used-networks.ts';

const DEADLINE_MS = 20_000;
const POLL_MS = 20;

/**
 * Removes what a node leaves on the machine once its processes have ended: control groups, and its link. Mounts, rules
 * and all other interfaces end with its namespaces. The kernel keeps a network namespace for as long as a connection in it
 * waits for an answer, which may be minutes where the other end was killed: so the link is not left to that. Nothing there
 * is fine.
 *
 * @throws {ClusterError} `stop-failed`
 */
export async function removeTraces(folder: EmbeddedFolder): Promise<void> {
  const { cgroup, link } = nodeFolder(folder);
  try {
    await removeCgroup(cgroup);
  } catch (error) {
    throw new ClusterError(
      'stop-failed',
      `Cannot remove the control group ${cgroup} of the cluster in ${folder.path}: ${(error as Error).message}. ` +
        'End what runs in it, then try again.',
      { cause: error },
    );
  }
  if (hasInterface(link)) await deleteLink(link);
  const deadline = Date.now() + DEADLINE_MS;
  while (hasInterface(link)) {
    if (Date.now() > deadline) {
      throw new ClusterError(
        'stop-failed',
        `Cannot stop the cluster in ${folder.path}: its network interface ${link} is still there after ` +
          `${DEADLINE_MS / 1000} s. Remove it by "ip link delete ${link}", then try again.`,
      );
    }
    await sleep(POLL_MS);
  }
}

// Fails where it has gone meanwhile; where it stays, the caller says what to do.
async function deleteLink(link: string): Promise<void> {
  const { programs } = await findPrograms();
  if (programs === undefined) return;
  const { execa } = await import('execa');
  await execa(programs.paths.ip, ['link', 'delete', link], { reject: false });
}
