import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterRecord, CONTROL_PLANE } from '../embedded/cluster-record.ts';
import { openLocal } from '../embedded/connect-local.ts';
import { kwokctlConfiguration } from '../embedded/kwokctl-configuration.ts';
import type { StartOptions } from '../embedded/local-cluster.ts';
import { writePeopleKubeconfig } from '../embedded/people-kubeconfig.ts';
import { isRunning } from '../embedded/process-table.ts';
import { startControlPlane } from '../embedded/start-control-plane.ts';
import { StartFailure } from '../embedded/start-failure.ts';
import { createCgroup } from './cgroups.ts';
import {
  API_SERVER_PORT,
  PAUSE_IMAGE,
  writeClusterFiles,
  writeNetworkFiles,
  writeRuntimeFiles,
} from './daemon-files.ts';
import { writeImage } from './images/write-image.ts';
import { importTar } from './import-image.ts';
import { createNamespaces, processWithin, within } from './namespaces.ts';
import { CONTAINERD_SOCKET, INSIDE, nodeFolder } from './node-folder.ts';
import { startEgress } from './egress.ts';
import { linkNode } from './node-link.ts';
import type { NodeNetwork } from './node-network.ts';
import type { NodeTools } from './node-tools.ts';
import type { SystemPrograms } from './programs.ts';
import { snapshotterFor } from './requirements.ts';
import { reconcileRoles } from './roles.ts';
import { type DaemonOptions, startDaemon } from './start-daemon.ts';

/** In the node's network namespace, where nobody else has ports. */
const PORTS = {
  etcd: 2379,
  etcdPeer: 2380,
  apiServer: API_SERVER_PORT,
  controllerManager: 10257,
  scheduler: 10259,
  kwok: 10247,
} as const;

const POLL_MS = 20;

/**
 * Starts the control plane, and beside it a node, in namespaces of their own.
 *
 * @throws {StartFailure} what was started so far is left running, for the caller to stop.
 */
export async function startNode(
  { folder, tools, seed, signal, onProgress }: StartOptions<NodeTools>,
  { name, programs }: { readonly name: string; readonly programs: SystemPrograms },
): Promise<ClusterRecord> {
  const node = nodeFolder(folder);
  const { nodeBinaries: binaries } = tools;
  for (const path of [node.etc, node.lib, node.log, node.daemonLogs]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  await writeRuntimeFiles({
    node,
    programs,
    shim: binaries['containerd-shim-runc-v2'],
    snapshotter: snapshotterFor(node.lib),
  });
  await createCgroup(node.cgroup);
  const namespaces = await createNamespaces({
    folder,
    node,
    programs,
    pause: binaries.pause,
    visible: foldersOf(folder.path, tools),
    signal,
  });
  const network = await linkNode({ node, namespaces, programs, seed, signal });
  await writeNetworkFiles(node, network);
  const daemon = { folder, node, namespaces, programs, signal };

  onProgress?.(`Starting containerd and the control plane of ${folder.environment}`);
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const runtime = startRuntime({ ...daemon, signal: both }, tools, network);
  const controlPlane = startControlPlane({
    folder,
    tools,
    configuration: kwokctlConfiguration({
      ports: PORTS,
      kubernetesVersion: tools.kubernetesVersion,
      reachable: {
        address: network.node,
        services: network.services,
        kubeletClient: {
          certificate: join(folder.controlPlane, 'pki', 'admin.crt'),
          key: join(folder.controlPlane, 'pki', 'admin.key'),
        },
      },
    }),
    components: CONTROL_PLANE,
    signal: both,
    within: within(namespaces, programs),
    processOf: (pid) => processWithin(namespaces, pid),
  });
  const [runtimeProcesses, processes] = await Promise.all([runtime, controlPlane]).catch(
    async (error: unknown) => {
      failed.abort(error);
      await Promise.allSettled([runtime, controlPlane]);
      throw error;
    },
  );

  onProgress?.(`Starting kubelet, kube-proxy and DNS of ${folder.environment}`);
  const server = `https://${network.node}:${API_SERVER_PORT}`;
  await writePeopleKubeconfig(folder, server);
  await writeClusterFiles({ folder, node, network, name });
  const kubelet = await startDaemon(
    'kubelet',
    [
      binaries.kubelet,
      `--config=${INSIDE}/kubelet.json`,
      `--kubeconfig=${INSIDE}/kubelet.kubeconfig`,
      `--hostname-override=${name}`,
      `--node-ip=${network.node}`,
    ],
    daemon,
  );
  const kubeProxy = await startDaemon(
    'kube-proxy',
    [binaries['kube-proxy'], `--config=${INSIDE}/kube-proxy.json`],
    daemon,
  );
  const cluster = await openLocal(folder, 'node', { signal });
  try {
    await reconcileRoles(cluster);
  } finally {
    cluster.close();
  }
  const coredns = await startDaemon(
    'coredns',
    [binaries.coredns, '-conf', `${INSIDE}/Corefile`],
    daemon,
  );
  return {
    version: 2,
    provider: 'node',
    processes: {
      ...processes,
      namespaces: namespaces.owner,
      ...runtimeProcesses,
      kubelet,
      'kube-proxy': kubeProxy,
      coredns,
    },
  };
}

/** Starts containerd, which brings its own way out to the registries, with the one image that every pod needs. */
async function startRuntime(
  options: DaemonOptions,
  tools: NodeTools,
  network: NodeNetwork,
): Promise<Pick<ClusterRecord['processes'], 'egress' | 'containerd'>> {
  const { node, namespaces, signal } = options;
  const { nodeBinaries: binaries } = tools;
  const { egress, env } = await startEgress(binaries.egress, { ...options, network });
  const containerd = await startDaemon(
    'containerd',
    [binaries.containerd, '--config', `${INSIDE}/containerd.toml`],
    options,
    { env },
  );
  const tar = join(node.path, 'pause.tar');
  await writeImage({
    path: tar,
    name: PAUSE_IMAGE,
    files: [{ path: '/pause', source: binaries.pause }],
    entrypoint: ['/pause'],
    user: '65535',
  });
  while (!existsSync(`/proc/${namespaces.init}/root${CONTAINERD_SOCKET}`)) {
    if (!isRunning(containerd)) {
      throw new StartFailure('containerd ended', 'containerd');
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  await importTar(tar, { ...options, ctr: binaries.ctr });
  await rm(tar);
  return { egress, containerd };
}

/** The cluster's folder, and the folder of the toolchain, which has a folder per tool and version. */
function foldersOf(path: string, { binaries, nodeBinaries }: NodeTools): readonly string[] {
  const tools = [...Object.values(binaries), ...Object.values(nodeBinaries)];
  return [...new Set([path, ...tools.map((tool) => dirname(dirname(dirname(tool))))])];
}
