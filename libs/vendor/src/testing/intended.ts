import { type KubernetesObject } from '@prow-deploy/audit';
import { type UpstreamMutation } from './upstream-mutations.ts';

/** How an environment names what upstream names `default` and `test-pods`, and with which prefix. */
export interface Naming {
  readonly prow: string;
  readonly jobs: string;
  readonly prefix: string;
}

/**
 * Whether a build is the old one with the mutation in it and nothing else: what a mutation comes to where all patches do
 * as they were meant to. Says nothing of the order in lists.
 */
export function isIntended(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
  mutation: UpstreamMutation,
  naming: Naming,
): boolean {
  const wanted = before.flatMap((object) => mutated(object, mutation, naming));
  return canonical(wanted) === canonical(after);
}

function mutated(
  object: KubernetesObject,
  mutation: UpstreamMutation,
  naming: Naming,
): KubernetesObject[] {
  if (!isMutated(object, mutation, naming)) return [object];
  const { kind, apiVersion, container, argument } = mutation;
  if (kind === 'an object removed') return [];
  if (apiVersion !== undefined) return [{ ...object, apiVersion }];
  const copy = structuredClone(object) as unknown as {
    spec: { template: { spec: { containers: { name: string; args?: string[] }[] } } };
  };
  for (const each of copy.spec.template.spec.containers) {
    if (each.name !== container?.from) continue;
    each.name = container.to;
    if (argument !== undefined) each.args = [...(each.args ?? []), argument];
  }
  return [copy as unknown as KubernetesObject];
}

function isMutated(
  { kind, metadata }: KubernetesObject,
  { object }: UpstreamMutation,
  { prow, jobs, prefix }: Naming,
): boolean {
  if (object?.kind !== kind) return false;
  const { name, namespace } = metadata;
  if (name !== object.name && name !== `${prefix}${object.name}`) return false;
  // Some environments leave an object where upstream has it.
  const places = object.namespace === 'test-pods' ? [jobs, 'test-pods'] : [prow, 'default'];
  return namespace === undefined || places.includes(namespace);
}

// Texts of the objects, in one order, with the items of every list in one order.
function canonical(objects: readonly KubernetesObject[]): string {
  return objects
    .map((object) => JSON.stringify(sorted(object)))
    .sort()
    .join('\n');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted).map((item) => JSON.stringify(item));
    return items.sort();
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([field, member]): [string, unknown] => [
    field,
    sorted(member),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
