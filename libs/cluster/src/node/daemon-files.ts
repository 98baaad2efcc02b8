import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EmbeddedFolder } from '../embedded/embedded-folder.ts';
import { writePrivately } from '../embedded/write-privately.ts';
import { KERNEL_SETTINGS } from './namespaces.ts';
import { CONTAINERD_SOCKET, INSIDE, type NodeFolder } from './node-folder.ts';
import type { NodeNetwork } from './node-network.ts';
import type { SystemPrograms } from './programs.ts';

/** The image of the process that holds a pod's namespaces; no registry has it, so that none is asked. */
export const PAUSE_IMAGE = 'localhost/prow-deploy/pause:v1.0.0';

/** Where daemons say that they are ready, on the node's address. */
export const READY_PORTS = { coredns: 8181, 'kube-proxy': 10256 } as const;

/** The users of the daemons. Cluster roles of these names exist, or are made by {@link reconcileRoles}. */
export const DNS_USER = 'system:coredns';
const PROXY_USER = 'system:kube-proxy';

/** Writes what is needed before the control plane runs: kernel settings, containerd and its network. */
export async function writeRuntimeFiles({
  node,
  programs,
  shim,
  snapshotter,
}: {
  readonly node: NodeFolder;
  readonly programs: SystemPrograms;
  /** Absolute path of containerd-shim-runc-v2. */
  readonly shim: string;
  readonly snapshotter: 'overlayfs' | 'native';
}): Promise<void> {
  const settings = Object.entries(KERNEL_SETTINGS).map(
    ([name, value]) => [`sysctl/${name}`, `${value}\n`] as const,
  );
  await writeAll(node, {
    ...Object.fromEntries(settings),
    'containerd.toml': containerdConfiguration({ programs, shim, snapshotter }),
    'resolv.conf': '',
  });
}

/** Writes what depends on addresses: how pods get theirs. */
export async function writeNetworkFiles(node: NodeFolder, { pods }: NodeNetwork): Promise<void> {
  await writeAll(node, { 'cni/pods.conflist': json(podNetwork(pods)) });
}

/** Writes what needs the keys of the control plane. */
export async function writeClusterFiles({
  folder,
  node,
  network,
  name,
}: {
  readonly folder: EmbeddedFolder;
  readonly node: NodeFolder;
  readonly network: NodeNetwork;
  /** Name of the node. */
  readonly name: string;
}): Promise<void> {
  const read = async (file: string) =>
    (await readFile(join(folder.controlPlane, 'pki', file))).toString('base64');
  const [ca, certificate, key] = await Promise.all([
    read('ca.crt'),
    read('admin.crt'),
    read('admin.key'),
  ]);
  const kubeconfigOf = (user: string, group?: string) =>
    json({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'cluster',
          cluster: {
            server: `https://${network.node}:${API_SERVER_PORT}`,
            'certificate-authority-data': ca,
          },
        },
      ],
      // The API server sees each daemon as the user that it would be anywhere, with that user's rights. A key for each
      // would protect nothing: whoever can read one of these files is root, and can read the others.
      users: [
        {
          name: user,
          user: {
            'client-certificate-data': certificate,
            'client-key-data': key,
            as: user,
            ...(group && { 'as-groups': [group] }),
          },
        },
      ],
      contexts: [{ name: 'cluster', context: { cluster: 'cluster', user } }],
      'current-context': 'cluster',
    });
  await writeAll(node, {
    'ca.crt': Buffer.from(ca, 'base64').toString('utf8'),
    'kubelet.kubeconfig': kubeconfigOf(`system:node:${name}`, 'system:nodes'),
    'kube-proxy.kubeconfig': kubeconfigOf(PROXY_USER),
    'coredns.kubeconfig': kubeconfigOf(DNS_USER),
    'kubelet.json': json(kubeletConfiguration(node, network)),
    'kube-proxy.json': json(kubeProxyConfiguration(network, name)),
    Corefile: corefile(network),
  });
}

/** Of the API server, in the node's network namespace, where nobody else has ports. */
export const API_SERVER_PORT = 6443;

// TOML's basic strings are written as JSON's.
function containerdConfiguration({
  programs,
  shim,
  snapshotter,
}: {
  readonly programs: SystemPrograms;
  readonly shim: string;
  readonly snapshotter: string;
}): string {
  const text = (value: string) => JSON.stringify(value);
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
# They write to /opt, or serve what is not used here.
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri"]

[grpc]
address = ${text(CONTAINERD_SOCKET)}

[plugins."io.containerd.cri.v1.images"]
snapshotter = ${text(snapshotter)}

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = ${text(PAUSE_IMAGE)}

[plugins."io.containerd.cri.v1.runtime"]
# The right to lower a process's OOM score may be missing in a container or virtual machine, and runc gives up without it.
restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = [${text(programs.cniFolder)}]
conf_dir = "${INSIDE}/cni"

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
runtime_path = ${text(shim)}

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = ${text(programs.paths.runc)}
SystemdCgroup = false
`;
}

/**
 * A link for each pod, and a route to it. Without a bridge, what a pod sends to another one passes the node's routing,
 * where kube-proxy's rules see it both ways.
 */
function podNetwork(pods: string): unknown {
  return {
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        ipam: {
          type: 'host-local',
          dataDir: '/run/cni',
          ranges: [[{ subnet: pods }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}

function kubeletConfiguration({ cgroup }: NodeFolder, { node }: NodeNetwork): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: node,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${INSIDE}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    clusterDomain: 'cluster.local',
    clusterDNS: [node],
    resolvConf: `${INSIDE}/resolv.conf`,
    makeIPTablesUtilChains: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    serializeImagePulls: false,
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    // The disk is the machine's: that it is nearly full is no reason to remove images, which no registry may have, or pods.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
    },
  };
}

function kubeProxyConfiguration({ node, pods }: NodeNetwork, name: string): unknown {
  // Zero leaves the machine's limits alone.
  const conntrack = {
    maxPerCore: 0,
    min: 0,
    tcpCloseWaitTimeout: '0s',
    tcpEstablishedTimeout: '0s',
    udpStreamTimeout: '0s',
    udpTimeout: '0s',
  };
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clientConnection: { kubeconfig: `${INSIDE}/kube-proxy.kubeconfig` },
    clusterCIDR: pods,
    hostnameOverride: name,
    healthzBindAddress: `${node}:${READY_PORTS['kube-proxy']}`,
    metricsBindAddress: '127.0.0.1:10249',
    conntrack,
    oomScoreAdj: 0,
  };
}

function corefile({ node }: NodeNetwork): string {
  return `.:53 {
  bind ${node}
  errors
  health 127.0.0.1:8080
  ready ${node}:${READY_PORTS.coredns}
  cache 5 {
    denial 9984 1
  }
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${INSIDE}/coredns.kubeconfig
    ttl 5
  }
}
`;
}

async function writeAll(node: NodeFolder, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(node.etc, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writePrivately(path, text);
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
