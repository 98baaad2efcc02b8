/** The ports of a control plane, all on loopback. */
export interface ControlPlanePorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kwok: number;
}

/** How many ports {@link ControlPlanePorts} takes. */
export const PORT_COUNT = 6;

/** Assigns {@link PORT_COUNT} ports. */
export function controlPlanePorts(ports: readonly number[]): ControlPlanePorts {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, controllerManager = 0, scheduler = 0, kwok = 0] =
    ports;
  return { etcd, etcdPeer, apiServer, controllerManager, scheduler, kwok };
}

/** How pods and people reach a control plane whose pods really run, and how its API server reaches the kubelet. */
export interface ReachableAt {
  /** Address of the API server, which listens on all addresses of its network namespace. */
  readonly address: string;
  /** Range of the Services' addresses, in CIDR notation; its last byte is 0. */
  readonly services: string;
  /** Paths of what the API server shows to the kubelet. */
  readonly kubeletClient: { readonly certificate: string; readonly key: string };
}

/**
 * Reserved for documentation (RFC 5737), reached by nobody. The API server publishes it as the endpoint of the Service
 * `kubernetes`, which no pod uses where pods are simulated. Without one it takes the address of the default route, and
 * does not start on a machine that has none; a loopback address is refused in endpoints.
 */
const ADVERTISED_ADDRESS = '192.0.2.1';

/** Addresses of Services where pods are simulated: 65,534, where the API server's own default has 254. */
const SIMULATED_SERVICES = '10.0.0.0/16';

/** The controllers' own limit is 20 requests a second: it spares an API server that others need too. */
const UNTHROTTLED = [
  { key: 'kube-api-qps', value: '100' },
  { key: 'kube-api-burst', value: '200' },
];

/** The configuration that kwokctl 0.8 is started with. What it says of binaries is in {@link startControlPlane}. */
export function kwokctlConfiguration({
  ports,
  kubernetesVersion,
  reachable,
}: {
  readonly ports: ControlPlanePorts;
  /** Such as `v1.36.3`; some flags depend on it. */
  readonly kubernetesVersion: string;
  /** Default: loopback only, and all nodes are simulated. */
  readonly reachable?: ReachableAt;
}): Record<string, unknown> {
  const alone = { key: 'leader-elect', value: 'false' };
  return {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokctlConfiguration',
    options: {
      runtime: 'binary',
      kubeVersion: kubernetesVersion,
      bindAddress: '127.0.0.1',
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeApiserverPort: ports.apiServer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
      ...(reachable && {
        disable: ['kwok-controller'],
        kubeApiserverCertSANs: [reachable.address, ...serviceNames(reachable.services)],
      }),
    },
    componentsPatches: [
      // The data lives as long as the processes do, and no longer.
      { name: 'etcd', extraArgs: [{ key: 'unsafe-no-fsync', value: 'true' }] },
      {
        name: 'kube-apiserver',
        extraArgs: apiServerArguments(reachable),
      },
      // There is one of each. One that elects itself gives up, and ends, when the machine sleeps longer than its lease.
      {
        name: 'kube-controller-manager',
        extraArgs: [
          alone,
          ...UNTHROTTLED,
          ...(reachable ? [{ key: 'service-cluster-ip-range', value: reachable.services }] : []),
        ],
      },
      { name: 'kube-scheduler', extraArgs: [alone] },
      {
        name: 'kwok-controller',
        extraArgs: [
          { key: 'manage-all-nodes', value: 'false', override: true },
          // Not an override: overriding a flag that is not there drops it.
          { key: 'manage-nodes-with-annotation-selector', value: 'kwok.x-k8s.io/node=fake' },
        ],
      },
    ],
  };
}

// What pods call the API server: the Service `kubernetes`, which has the first address of the range.
function serviceNames(services: string): string[] {
  const name = 'kubernetes.default.svc';
  return [
    services.replace(/\.0\/\d+$/, '.1'),
    'kubernetes',
    'kubernetes.default',
    name,
    `${name}.cluster.local`,
  ];
}

function apiServerArguments(reachable: ReachableAt | undefined): Record<string, unknown>[] {
  if (reachable === undefined) {
    return [
      { key: 'advertise-address', value: ADVERTISED_ADDRESS },
      { key: 'service-cluster-ip-range', value: SIMULATED_SERVICES },
    ];
  }
  const { address, services, kubeletClient } = reachable;
  return [
    { key: 'bind-address', value: '0.0.0.0', override: true },
    { key: 'advertise-address', value: address },
    { key: 'service-cluster-ip-range', value: services },
    { key: 'kubelet-preferred-address-types', value: 'InternalIP' },
    { key: 'kubelet-client-certificate', value: kubeletClient.certificate },
    { key: 'kubelet-client-key', value: kubeletClient.key },
  ];
}
