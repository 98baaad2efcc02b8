import { type Fields, fields, text } from '../../fields.ts';
import type { Change } from './rule.ts';
import { deleteFirst, type Rule } from './rule.ts';

const CORE = 'pkg/apis/core/validation/validation.go';

export const SERVICE_RULES: readonly Rule[] = [
  {
    kinds: ['/Service'],
    source: `${CORE}: validateUpgradeDowngradeClusterIPs; pkg/registry/core/service/storage/storage.go: normalizeClusterIPs, patchAllocatedValues`,
    *changed(change) {
      const [before, after] = specsOf(change);
      if (isExternalName(before) || isExternalName(after)) return;
      const [old, wanted] = [addressesOf(before), wantedAddresses(before, after)];
      if (isHeadless(old) && isHeadless(wanted)) return;
      if (isPrefix(old, wanted)) return;
      yield {
        code: 'service-address',
        path: 'spec.clusterIP',
        message: isHeadless(wanted)
          ? 'spec.clusterIP cannot be changed to None: the Service has an address'
          : isHeadless(old)
            ? 'spec.clusterIP cannot be changed from None: the Service was made without an address'
            : 'spec.clusterIP cannot be changed',
        remedy: `${deleteFirst(change)}: who looks it up by name finds it again`,
        loses: 'its address, and connections to it',
        refused: true,
      };
    },
  },
  {
    kinds: ['/Service'],
    source: `${CORE}: validateUpgradeDowngradeIPFamilies`,
    *changed(change) {
      const [before, after] = specsOf(change);
      if (isExternalName(before) || isExternalName(after)) return;
      const areHeadless = [addressesOf(before), wantedAddresses(before, after)].map(isHeadless);
      if (areHeadless.includes(true)) return;
      const [old, wanted] = [strings(before['ipFamilies']), strings(after['ipFamilies'])];
      if (old[0] === undefined || wanted[0] === undefined || old[0] === wanted[0]) return;
      yield {
        code: 'service-address',
        path: 'spec.ipFamilies',
        message: `spec.ipFamilies cannot begin with ${wanted[0]}: the first address of the Service is ${old[0]}`,
        remedy: `${deleteFirst(change)}: who looks it up by name finds it again`,
        loses: 'its address, and connections to it',
        refused: true,
      };
    },
  },
  {
    kinds: ['/Service'],
    source: `${CORE}: validateLoadBalancerClassField, validateServiceExternalTrafficFieldsUpdate`,
    *changed(change) {
      const [before, after] = specsOf(change);
      if (before['type'] !== 'LoadBalancer' || after['type'] !== 'LoadBalancer') return;
      const isLocal = [before, after].every((spec) => spec['externalTrafficPolicy'] === 'Local');
      const changed = [
        before['loadBalancerClass'] === after['loadBalancerClass'] ? [] : ['loadBalancerClass'],
        // An absent one is what it was.
        isLocal &&
        typeof after['healthCheckNodePort'] === 'number' &&
        after['healthCheckNodePort'] !== before['healthCheckNodePort']
          ? ['healthCheckNodePort']
          : [],
      ].flat();
      for (const field of changed) {
        yield {
          code: 'service-load-balancer',
          path: `spec.${field}`,
          message: `spec.${field} cannot be changed: the load balancer was made with it`,
          remedy: `${deleteFirst(change)}: it gets another load balancer`,
          loses: 'its addresses, inside and outside of the cluster, and connections to them',
          refused: true,
        };
      }
    },
  },
];

function specsOf({ live, after }: Change): [before: Fields, after: Fields] {
  return [fields(live['spec']), fields(after['spec'])];
}

function isExternalName(spec: Fields): boolean {
  return spec['type'] === 'ExternalName';
}

function addressesOf(spec: Fields): string[] {
  const addresses = strings(spec['clusterIPs']);
  const single = text(spec['clusterIP']);
  return addresses.length > 0 || single === undefined ? addresses : [single];
}

// What the API server takes the two fields for: the one that is changed wins, what is absent stays.
function wantedAddresses(before: Fields, after: Fields): string[] {
  const [old, single] = [text(before['clusterIP']), text(after['clusterIP'])];
  const [olds, all] = [strings(before['clusterIPs']), strings(after['clusterIPs'])];
  const areSame = all.length === 0 || all.join() === olds.join();
  if (single !== undefined && single !== old && areSame) return [single];
  return all.length > 0 ? all : olds;
}

function isHeadless(addresses: readonly string[]): boolean {
  return addresses.length === 1 && addresses[0] === 'None';
}

// A second address may come, and go.
function isPrefix(one: readonly string[], other: readonly string[]): boolean {
  const shared = Math.min(one.length, other.length);
  return (
    one.length === 0 ||
    (other.length > 0 && one.slice(0, shared).join() === other.slice(0, shared).join())
  );
}

function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter((item) => typeof item === 'string')
    : [];
}
