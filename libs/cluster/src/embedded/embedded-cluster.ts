import type { EmbeddedCluster } from '@prow-deploy/environment';
import type { ClusterOptions } from '../cluster.ts';
import { COMPONENTS } from './cluster-record.ts';
import { type EmbeddedTools, embeddedTools } from './embedded-tools.ts';
import { freePorts } from './free-ports.ts';
import { controlPlanePorts, kwokctlConfiguration, PORT_COUNT } from './kwokctl-configuration.ts';
import type { LocalCluster } from './local-cluster.ts';
import { writePeopleKubeconfig } from './people-kubeconfig.ts';
import { nodesNotReady, reconcileNodes } from './simulated-nodes.ts';
import { requireLinux } from './require-linux.ts';
import { startControlPlane } from './start-control-plane.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** A control plane on loopback, and simulated nodes. */
export function embeddedCluster({
  environment,
  spec: { nodes },
}: ClusterOptions & { readonly spec: EmbeddedCluster }): LocalCluster<EmbeddedTools> {
  return {
    provider: 'embedded',
    nodes: nodes.map(({ name }) => name),
    what: 'a control plane with simulated nodes',

    check() {
      requireLinux(environment);
    },

    tools: embeddedTools,

    async start({ folder, tools, seed, signal }) {
      const ports = controlPlanePorts(await freePorts(PORT_COUNT, seed));
      const { kubernetesVersion } = tools;
      const processes = await startControlPlane({
        folder,
        tools,
        configuration: kwokctlConfiguration({ ports, kubernetesVersion }),
        components: COMPONENTS.embedded,
        signal,
      });
      await writePeopleKubeconfig(folder, `https://127.0.0.1:${ports.apiServer}`);
      return { version: 2, provider: 'embedded', processes };
    },

    settle(options) {
      const { cluster } = options;
      return waitUntilReady({
        ...options,
        steps: [
          async () => {
            await reconcileNodes(cluster, nodes);
            return undefined;
          },
          () => nodesNotReady(cluster, nodes),
        ],
      });
    },
  };
}
