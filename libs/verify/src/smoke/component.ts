import { describe, identify, type KubernetesObject } from '@prow-deploy/apply';
import { selectorOf } from '../checks/endpoint-problem.ts';
import type { SmokeContext } from './smoke-check.ts';

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}

export interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
}

interface DeploymentSpec {
  readonly replicas?: number;
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly template?: {
    readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
    readonly spec?: {
      readonly serviceAccountName?: string;
      readonly containers?: readonly Container[];
      readonly volumes?: readonly Volume[];
    };
  };
}

/** A Deployment of the manifest, as far as smoke checks look at it. */
export interface Component {
  readonly object: KubernetesObject;
  /** Such as `Deployment kubevirt-prow/deck`. */
  readonly reference: string;
  /** Its label `app`: what it is, whatever an environment calls it; empty where it has none. */
  readonly app: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly selector: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
}

/** The Deployments that are asked to have pods. Pure. */
export function componentsOf(objects: readonly KubernetesObject[]): readonly Component[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment')
    .map((object) => {
      const { replicas = 1, selector, template } = (object['spec'] ?? {}) as DeploymentSpec;
      return {
        object,
        reference: describe(identify(object)),
        app: object.metadata.labels?.['app'] ?? '',
        namespace: object.metadata.namespace ?? 'default',
        replicas,
        selector: selector?.matchLabels ?? {},
        labels: template?.metadata?.labels ?? {},
        serviceAccount: template?.spec?.serviceAccountName ?? 'default',
        containers: template?.spec?.containers ?? [],
        volumes: template?.spec?.volumes ?? [],
      };
    })
    .filter(({ replicas }) => replicas > 0);
}

/** The component of this name, if the manifest has it. */
export function componentOf(
  { objects }: Pick<SmokeContext, 'objects'>,
  app: string,
): Component | undefined {
  return componentsOf(objects).find((component) => component.app === app);
}

/** Where a component is asked: the proxy path of the first of its Services that has a port for this one of its pods. */
export function serviceOf(
  { objects }: Pick<SmokeContext, 'objects'>,
  { namespace, labels, app }: Component,
  targetPort: string,
): string {
  for (const { kind, metadata, spec, ...rest } of objects) {
    if (kind !== 'Service' || metadata.namespace !== namespace) continue;
    const selector = selectorOf({ kind, metadata, spec, ...rest });
    if (selector === undefined) continue;
    if (!Object.entries(selector).every(([label, value]) => labels[label] === value)) continue;
    const { ports = [] } = spec as {
      ports?: readonly { port: number; name?: string; targetPort?: string | number }[];
    };
    const port = ports.find((candidate) => candidate.targetPort === targetPort);
    if (port !== undefined) {
      return `/api/v1/namespaces/${namespace}/services/${metadata.name}:${port.name ?? port.port}/proxy`;
    }
  }
  throw new Error(`no Service leads to port ${targetPort} of ${app}`);
}
