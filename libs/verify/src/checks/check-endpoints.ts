import { apiPath, describe, identify, type KubernetesObject, pause } from '@prow-deploy/apply';
import type { Cluster } from '@prow-deploy/cluster';
import type { Check, Findings } from '../verify-report.ts';
import { endpointProblem, selectorOf } from './endpoint-problem.ts';
import { isScaledToZero } from './is-scaled-to-zero.ts';

/** Options of {@link checkEndpoints}. */
export interface CheckEndpointsOptions {
  readonly cluster: Pick<Cluster, 'request'>;
  readonly objects: readonly KubernetesObject[];
  /** How long endpoints may take to come, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const PAUSE_MS = 500;
const SERVICE_LABEL = 'kubernetes.io/service-name';

/** Whether every Service that selects pods has ready endpoints; one whose pods are all scaled to zero has none to have. */
export async function checkEndpoints(options: CheckEndpointsOptions): Promise<Findings> {
  const { objects, timeoutMs, signal } = options;
  const deadline = Date.now() + timeoutMs;
  const services = objects.filter(
    (object) =>
      object.kind === 'Service' &&
      object.apiVersion === 'v1' &&
      selectorOf(object) !== undefined &&
      !isScaledToZero(object, objects),
  );
  for (;;) {
    const checks = await checkOnce(options, services);
    const failed = checks.filter(({ reason }) => reason !== undefined);
    if (failed.length === 0 || Date.now() >= deadline || signal?.aborted === true) {
      return { passed: checks.filter(({ reason }) => reason === undefined), failed };
    }
    await pause(PAUSE_MS, signal);
  }
}

async function checkOnce(
  { cluster, signal }: CheckEndpointsOptions,
  services: readonly KubernetesObject[],
): Promise<Check[]> {
  const namespaces = [...new Set(services.map(namespaceOf))];
  const resource = {
    apiVersion: 'discovery.k8s.io/v1',
    resource: 'endpointslices',
    namespaced: true,
  };
  const slices = new Map(
    await Promise.all(
      namespaces.map(async (namespace) => {
        const { body } = await cluster.request({ path: apiPath(resource, { namespace }), signal });
        const { items } = body as { items?: readonly KubernetesObject[] | null };
        return [namespace, items ?? []] as const;
      }),
    ),
  );
  return services.map((service) => {
    const ofService = (slices.get(namespaceOf(service)) ?? []).filter(
      ({ metadata }) => metadata.labels?.[SERVICE_LABEL] === service.metadata.name,
    );
    const reason = endpointProblem(service, ofService);
    const object = describe(identify(service));
    return { check: 'endpoints', object, ...(reason === undefined ? {} : { reason }) };
  });
}

function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? 'default';
}
