import { type Fields, fields, isFields, items, text } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { groupOf, identify } from '../object-reference.ts';
import type { Forecast } from './forecast-codes.ts';
import { RULES } from './rules/rules.ts';

/**
 * What will go wrong when a render of an object is applied where an earlier render of it was, and has settled: as
 * `forecast`, for whoever has no cluster at hand. What depends on other objects of the cluster is not known.
 */
export function forecastRender(before: KubernetesObject, next: KubernetesObject): Forecast[] {
  const kind = `${groupOf(next.apiVersion)}/${next.kind}`;
  const filled = filledIn(kind, before);
  const change = {
    reference: identify(next),
    live: { ...before, ...put(filled, before, before) },
    after: { ...next, ...put(filled, next, before) },
    next,
    related: [],
  };
  return RULES.filter(({ kinds }) => kinds.includes(kind)).flatMap(({ changed }) => [
    ...(changed?.(change) ?? []),
  ]);
}

/** Stands for a name that the cluster gives, which nobody knows beforehand. */
const GIVEN = '(given by the cluster)';

// What the API server and its controllers put into an object that is there, as far as rules ask for it.
function filledIn(kind: string, object: KubernetesObject): Fields {
  const spec = fields(object['spec']);
  const { type, clusterIP, versions, resources, strategy, updateStrategy } = spec;
  switch (kind) {
    case 'apps/Deployment':
      return isOtherStrategy(strategy)
        ? {}
        : { spec: { strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } } };
    case 'apps/StatefulSet':
      return isOtherStrategy(updateStrategy)
        ? {}
        : { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } };
    case '/Service': {
      if (type === 'ExternalName') return {};
      const address = text(clusterIP) ?? GIVEN;
      return { spec: { clusterIP: address, clusterIPs: [address] } };
    }
    case '/PersistentVolumeClaim':
      return {
        spec: { volumeName: GIVEN, storageClassName: GIVEN },
        status: { phase: 'Bound', capacity: fields(fields(resources)['requests']) },
      };
    case 'apiextensions.k8s.io/CustomResourceDefinition': {
      const stored = items(versions).filter(({ storage }) => storage === true);
      return {
        status: {
          conditions: [{ type: 'Established', status: 'True' }],
          storedVersions: stored.map(({ name }) => name),
        },
      };
    }
    default:
      return {};
  }
}

function isOtherStrategy(strategy: unknown): boolean {
  return (text(fields(strategy)['type']) ?? 'RollingUpdate') !== 'RollingUpdate';
}

// Puts what the cluster filled in into a render; what the render before had went out with all that was in it.
function put(filled: Fields, object: Fields, before: Fields): Fields {
  const members = Object.entries(filled).flatMap(([name, value]) => {
    const [own, old] = [object[name] ?? undefined, before[name] ?? undefined];
    if (isFields(value) && isFields(own)) {
      return [[name, { ...own, ...put(value, own, fields(old)) }] as const];
    }
    return own === undefined && old !== undefined ? [] : [[name, own ?? value] as const];
  });
  return Object.fromEntries(members);
}
