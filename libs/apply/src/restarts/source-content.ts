import { fields } from '../fields.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';

/** Whether an object is a ConfigMap or Secret: what containers read. */
export function isSource({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>) {
  return apiVersion === 'v1' && (kind === 'ConfigMap' || kind === 'Secret');
}

/** The keys of a ConfigMap or Secret, sorted. */
export function keysOf(source: KubernetesObject): string[] {
  const names = FIELDS.flatMap((field) => Object.keys(fields(source[field])));
  return [...new Set(names)].sort();
}

/**
 * The bytes that a container reads of a key, however the object writes them: `data` and `binaryData` of a ConfigMap,
 * `data` and `stringData` of a Secret. `undefined` where there is no such key.
 */
export function contentOf(source: KubernetesObject, key: string): Buffer | undefined {
  const data = (field: (typeof FIELDS)[number]) => fields(source[field])[key];
  const isSecret = source.kind === 'Secret';
  // stringData wins, as the API server has it.
  const plain = isSecret ? data('stringData') : data('data');
  if (plain !== undefined) return bytesOf(plain, 'utf8');
  const encoded = isSecret ? data('data') : data('binaryData');
  return encoded === undefined ? undefined : bytesOf(encoded, 'base64');
}

const FIELDS = ['data', 'binaryData', 'stringData'] as const;

// The API server takes texts only; null is no value.
function bytesOf(value: unknown, encoding: BufferEncoding): Buffer {
  if (value === null) return Buffer.alloc(0);
  return typeof value === 'string'
    ? Buffer.from(value, encoding)
    : Buffer.from(JSON.stringify(value));
}
