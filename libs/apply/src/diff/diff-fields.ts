import type { KubernetesObject } from '../kubernetes-object.ts';
import { without } from '../without.ts';
import { type ValueChange, valueChanges } from './value-changes.ts';

/** One field that differs. */
export interface FieldChange extends ValueChange {
  /** The values are not shown: what stands for them tells whether they are the same. */
  readonly masked?: true;
}

/** Options of {@link diffFields}. */
export interface DiffFieldsOptions {
  /** A keyed digest, shown in place of what is secret, of which nobody can tell the value. */
  readonly secretDigest: (value: string) => string;
}

/**
 * Which fields of an object differ between what is live and what would be, without what moves by itself. What is in
 * a Secret is never in the result.
 */
export function diffFields(
  live: KubernetesObject,
  next: KubernetesObject,
  { secretDigest }: DiffFieldsOptions,
): FieldChange[] {
  const changes = valueChanges(comparable(live), comparable(next));
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
