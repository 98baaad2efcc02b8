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

/**
 * Reserved for documentation (RFC 5737), reached by nobody. The API server publishes it as the endpoint of the Service
 * `kubernetes`, which no pod uses, because pods are simulated. Without one it takes the address of the default route,
 * and does not start on a machine that has none; a loopback address is refused in endpoints.
 */
const ADVERTISED_ADDRESS = '192.0.2.1';

/** The configuration that kwokctl 0.8 is started with. What it says of binaries is in {@link startControlPlane}. */
export function kwokctlConfiguration({
  ports,
  kubernetesVersion,
}: {
  readonly ports: ControlPlanePorts;
  /** Such as `v1.36.3`; some flags depend on it. */
  readonly kubernetesVersion: string;
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
    },
    componentsPatches: [
      // The data lives as long as the processes do, and no longer.
      { name: 'etcd', extraArgs: [{ key: 'unsafe-no-fsync', value: 'true' }] },
      {
        name: 'kube-apiserver',
        extraArgs: [{ key: 'advertise-address', value: ADVERTISED_ADDRESS }],
      },
      // There is one of each. One that elects itself gives up, and ends, when the machine sleeps longer than its lease.
      { name: 'kube-controller-manager', extraArgs: [alone] },
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
