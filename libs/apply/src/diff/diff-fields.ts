import type { KubernetesObject } from '../kubernetes-object.ts';
import { without } from '../without.ts';

/** One field that differs. */
export interface FieldChange {
  /** Such as `.spec.template.spec.containers[name="deck"].image`. */
  readonly path: string;
  /** Absent: the field was not there. */
  readonly before?: unknown;
  /** Absent: the field is not there any more. */
  readonly after?: unknown;
  /** The values are not shown: what stands for them tells whether they are the same. */
  readonly masked?: true;
}

/** Options of {@link diffFields}. */
export interface DiffFieldsOptions {
  /** A keyed digest, shown in place of what is secret, of which nobody can tell the value. */
  readonly secretDigest: (value: string) => string;
}

/**
 * Which fields of an object differ between what is live and what would be, without what moves by itself. Items of lists
 * are told apart by what names them (`name`, `mountPath`, …) where that is unique, else by their place, so that an item
 * that is put before others is one change. What is in a Secret is never in the result.
 */
export function diffFields(
  live: KubernetesObject,
  next: KubernetesObject,
  { secretDigest }: DiffFieldsOptions,
): FieldChange[] {
  const changes = differences(comparable(live), comparable(next), '');
  const digest = (value: string) =>
    Buffer.from(secretDigest(value), 'base64url').toString('hex').slice(0, 8);
  const { kind } = next;
  return changes.map((change) => {
    if (kind === 'Secret' && !OPEN.test(change.path)) {
      return masked(change, (text) => `(secret ${digest(text)})`);
    }
    if (kind === 'ConfigMap' && change.path.startsWith('.binaryData')) {
      return masked(change, (text) => `(binary ${digest(text)})`);
    }
    return change;
  });
}

// What a Secret says that is no secret.
const OPEN = /^\.(?:type|immutable|metadata\.(?:labels|finalizers|ownerReferences)(?:[.[].*)?)$/;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MOVING = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
];

function comparable(object: KubernetesObject): Record<string, unknown> {
  const { annotations } = object.metadata;
  const metadata = {
    ...without(object.metadata, ...MOVING),
    ...(annotations ? { annotations: without(annotations, LAST_APPLIED) } : {}),
  };
  return { ...without(object, 'apiVersion', 'kind', 'status'), metadata };
}

function masked(change: FieldChange, mask: (text: string) => string): FieldChange {
  const { path } = change;
  const shown = (value: unknown) => mask(typeof value === 'string' ? value : JSON.stringify(value));
  return {
    path,
    ...('before' in change ? { before: shown(change.before) } : {}),
    ...('after' in change ? { after: shown(change.after) } : {}),
    masked: true,
  };
}

function differences(before: unknown, after: unknown, path: string): FieldChange[] {
  if (Object.is(before, after)) return [];
  if (isRecord(before) && isRecord(after)) return memberDifferences(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    const [ones, others] = [named(before), named(after)];
    return ones !== undefined && others !== undefined
      ? memberDifferences(ones, others, path)
      : itemDifferences(before, after, path);
  }
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

type Members = Readonly<Record<string, unknown>>;

function memberDifferences(before: Members, after: Members, path: string): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], `${path}${segment(key)}`));
}

// What is the same at both ends is passed over; what is between is compared place by place.
function itemDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): FieldChange[] {
  const isSame = (one: unknown, other: unknown) => differences(one, other, '').length === 0;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const [ones, others] = [before, after].map((items) => items.slice(head, items.length - tail));
  const count = Math.max(ones?.length ?? 0, others?.length ?? 0);
  return Array.from({ length: count }, (_, index) =>
    differences(ones?.[index], others?.[index], `${path}[${head + index}]`),
  ).flat();
}

// What names the items of the lists of Kubernetes, the most telling first.
const NAMES = ['name', 'mountPath', 'key', 'containerPort', 'port', 'ip'];

function named(items: readonly unknown[]): Members | undefined {
  if (items.length === 0 || !items.every(isRecord)) return undefined;
  const name = NAMES.find((key) => {
    const values = items.map((item) => item[key]);
    const isName = values.every((value) => typeof value === 'string' || typeof value === 'number');
    return isName && new Set(values).size === values.length;
  });
  if (name === undefined) return undefined;
  return Object.fromEntries(items.map((item) => [`[${name}=${JSON.stringify(item[name])}]`, item]));
}

const IS_ITEM = new RegExp(`^\\[(?:${NAMES.join('|')})=`);

function segment(key: string): string {
  if (IS_ITEM.test(key)) return key;
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
