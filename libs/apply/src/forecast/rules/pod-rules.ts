import { type Fields, fields, isFields, items } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { without } from '../../without.ts';
import { differences, withDefaults } from '../differences.ts';
import { POD_DEFAULTS } from '../pod-defaults.ts';
import { deleteFirst, type Rule } from './rule.ts';

export const POD_RULES: readonly Rule[] = [
  {
    kinds: ['/Pod'],
    source: 'pkg/apis/core/validation/validation.go: ValidatePodUpdate',
    *changed(change) {
      const [before, after] = [specOf(change.live), specOf(change.after)];
      const differing = [
        ...differences(fixed(before), fixed(after, before)),
        ...tolerationsLost(before, after),
        ...gatesAdded(before, after),
        ...deadlineMoved(before, after),
      ];
      if (differing.length === 0) return;
      const where = `spec${differing.length === 1 ? (differing[0] ?? '') : ''}`;
      yield {
        code: 'pod-spec',
        path: where,
        message: `${where} cannot be changed: of a Pod, its images may be, and little else`,
        remedy: `${deleteFirst(change)}: it stops until the new one is ready`,
        loses: 'what its containers wrote outside of volumes, and their logs',
        refused: true,
      };
    },
  },
];

function specOf(pod: KubernetesObject): Fields {
  return fields(withDefaults(withRequests(pod['spec']), POD_DEFAULTS));
}

// Requests are by default what the limits are; in a Pod only, not in a template.
function withRequests(spec: unknown): unknown {
  if (!isFields(spec)) return spec;
  const fill = (list: unknown) =>
    items(list).map((container) => {
      const resources = fields(container['resources']);
      const limits = fields(resources['limits']);
      if (Object.keys(limits).length === 0) return container;
      const requests = { ...limits, ...fields(resources['requests']) };
      return { ...container, resources: { ...resources, requests } };
    });
  return {
    ...spec,
    containers: fill(spec['containers']),
    initContainers: fill(spec['initContainers']),
  };
}

// Without what may change, and what may be added.
function fixed(spec: Fields, before: Fields = spec): Fields {
  const selector = spec['nodeSelector'];
  const withoutImages = (list: unknown) => items(list).map((each) => without(each, 'image'));
  return {
    ...without(spec, 'activeDeadlineSeconds', 'schedulingGates', 'tolerations'),
    nodeSelector: isGated(before) ? known(selector, before['nodeSelector']) : selector,
    containers: withoutImages(spec['containers']),
    initContainers: withoutImages(spec['initContainers']),
  };
}

function isGated(spec: Fields): boolean {
  return items(spec['schedulingGates']).length > 0;
}

// A Pod that is not scheduled yet may be told more closely where to go.
function known(selector: unknown, before: unknown): Fields {
  const added = Object.keys(fields(selector)).filter((key) => !(key in fields(before)));
  return without(fields(selector), ...added);
}

function tolerationsLost(before: Fields, after: Fields): string[] {
  const key = (toleration: Fields) =>
    JSON.stringify(
      Object.entries(without(toleration, 'tolerationSeconds')).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const left = new Set(items(after['tolerations']).map(key));
  // The API server adds these two again, if they are gone.
  const isAdded = ({ key: name }: Fields) =>
    name === 'node.kubernetes.io/not-ready' || name === 'node.kubernetes.io/unreachable';
  return items(before['tolerations']).every((each) => isAdded(each) || left.has(key(each)))
    ? []
    : ['.tolerations'];
}

function gatesAdded(before: Fields, after: Fields): string[] {
  const known = new Set(items(before['schedulingGates']).map(({ name }) => name));
  return items(after['schedulingGates']).every(({ name }) => known.has(name))
    ? []
    : ['.schedulingGates'];
}

// It may be set, and become less.
function deadlineMoved(before: Fields, after: Fields): string[] {
  const [old, now] = [before['activeDeadlineSeconds'], after['activeDeadlineSeconds']];
  const isFine = typeof old !== 'number' || (typeof now === 'number' && now <= old);
  return isFine ? [] : ['.activeDeadlineSeconds'];
}
