import type { KubernetesObject } from '@prow-deploy/apply';

interface ServicePort {
  readonly name?: string;
  readonly port: number;
}

interface EndpointSlice extends KubernetesObject {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
  readonly ports?: readonly { readonly name?: string }[] | null;
}

/** The pods that a Service selects; `undefined` where it selects none itself. */
export function selectorOf(
  service: KubernetesObject,
): Readonly<Record<string, string>> | undefined {
  const { selector, type } = (service['spec'] ?? {}) as {
    selector?: Readonly<Record<string, string>> | null;
    type?: string;
  };
  if (type === 'ExternalName' || selector === undefined || selector === null) return undefined;
  return Object.keys(selector).length === 0 ? undefined : selector;
}

/**
 * Why a Service would not answer, by its EndpointSlices; `undefined` where each of its ports has a ready endpoint.
 * Pure.
 */
export function endpointProblem(
  service: KubernetesObject,
  slices: readonly KubernetesObject[],
): string | undefined {
  const ready = (slices as readonly EndpointSlice[]).filter(({ endpoints }) =>
    // Unknown counts as ready, as the API says.
    (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
  );
  if (ready.length === 0) return 'no pod that it selects is ready';
  const { ports = [] } = (service['spec'] ?? {}) as { ports?: readonly ServicePort[] };
  const served = new Set(
    ready.flatMap((slice) => (slice.ports ?? []).map(({ name = '' }) => name)),
  );
  const missing = ports.filter(({ name = '' }) => !served.has(name));
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name, port }) => name ?? String(port)).join(', ');
  return `its pods have no port for ${names}`;
}
