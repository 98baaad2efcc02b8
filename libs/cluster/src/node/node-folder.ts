import { join } from 'node:path';
import { type EmbeddedFolder, folderHash } from '../embedded/embedded-folder.ts';

/** Where a node keeps its files, and what it is called on this machine. */
export interface NodeFolder {
  /** All of it; below the folder of the cluster. */
  readonly path: string;
  /** Configuration and credentials; {@link INSIDE} in the node. */
  readonly etc: string;
  /** `/var/lib` in the node: images, containers, volumes. */
  readonly lib: string;
  /** `/var/log` in the node: logs of the containers. */
  readonly log: string;
  /** Logs of the daemons, where those of the control plane are. */
  readonly daemonLogs: string;
  /** Name of the machine's end of the link, unlike that of any other clone or environment. */
  readonly link: string;
  /** Name of the group of all its pods, in every hierarchy. */
  readonly cgroup: string;
}

/** Where a node finds its configuration, whatever the workspace is called. */
export const INSIDE = '/run/prow-deploy';
/** Where a node has its sockets. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

export function nodeFolder(folder: EmbeddedFolder): NodeFolder {
  const path = join(folder.path, 'node');
  return {
    path,
    etc: join(path, 'etc'),
    lib: join(path, 'lib'),
    log: join(path, 'log'),
    daemonLogs: join(folder.controlPlane, 'logs'),
    // 15 characters is all that an interface may have.
    link: `prow-${folderHash(folder.path).toString('hex')}`,
    cgroup: folder.clusterName,
  };
}
