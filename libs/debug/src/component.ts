import type { KubernetesObject } from '@prow-deploy/apply';
import type { ApiRequest, Cluster } from '@prow-deploy/cluster';
import { DebugError } from './debug-error.ts';
import type { Container, PodTemplate } from './pod.ts';

/** A component that is deployed: a workload, and the container of it that is meant. */
export interface Component {
  /** Name of the Deployment. */
  readonly name: string;
  readonly namespace: string;
  readonly template: PodTemplate;
  readonly container: Container;
}

export interface FindComponentOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  /** Namespace of Prow's components. */
  readonly namespace: string;
  /** Name of the Deployment, with or without what the environment puts before and after every name. */
  readonly component: string;
  /** Name of the container. Default: that of the component's name, else the first. */
  readonly container?: string | undefined;
  /** What the environment puts before every name. Default: nothing. */
  readonly prefix?: string;
  /** What it puts after every name. Default: nothing. */
  readonly suffix?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Finds a component among the Deployments of the environment. @throws {DebugError} `unknown-component` */
export async function findComponent(options: FindComponentOptions): Promise<Component> {
  const { cluster, namespace, component, prefix = '', suffix = '', signal } = options;
  const request: ApiRequest = { path: `/apis/apps/v1/namespaces/${namespace}/deployments`, signal };
  const { items } = (await cluster.request(request)).body as { readonly items: Deployment[] };
  const names = [component, `${prefix}${component}${suffix}`];
  const found = items.find(({ metadata }) => names.includes(metadata.name));
  if (found === undefined) {
    const known = items.map(({ metadata }) => metadata.name).sort();
    throw new DebugError(
      'unknown-component',
      `Cannot debug ${component}: the namespace ${namespace} has no Deployment of this name. ` +
        (known.length === 0 ? 'It has none at all: apply first.' : `It has ${known.join(', ')}.`),
    );
  }
  const { template } = found.spec;
  const { containers } = template.spec;
  const container =
    options.container === undefined
      ? (containers.find(({ name }) => names.includes(name)) ?? containers[0])
      : containers.find(({ name }) => name === options.container);
  if (container === undefined) {
    throw new DebugError(
      'unknown-component',
      `Cannot debug ${component}: Deployment ${namespace}/${found.metadata.name} has no container ${options.container ?? ''}. ` +
        `It has ${containers.map(({ name }) => name).join(', ')}.`,
    );
  }
  return { name: found.metadata.name, namespace, template, container };
}

interface Deployment extends KubernetesObject {
  readonly spec: { readonly template: PodTemplate };
}
