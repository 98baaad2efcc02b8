import { type Finding, finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { wellFormedObjects } from '../objects/well-formed-objects.ts';

/**
 * What the values of a ConfigMap or Secret may add up to, in bytes; keys do not count. Source: MaxSecretSize in
 * pkg/apis/core/types.go, and ValidateConfigMap and ValidateSecret in pkg/apis/core/validation of Kubernetes.
 */
export const MAX_DATA_BYTES = 1024 * 1024;

/**
 * What an object's annotations may add up to, keys and values, in bytes. Source: TotalAnnotationSizeLimitB in
 * k8s.io/apimachinery/pkg/api/validation.
 */
export const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Share of a limit from which on a warning is given: room for a base configuration that grows. */
const NEAR = 0.6;

/** What a client-side `kubectl apply` keeps the whole object in. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Checks what the API server limits: the data of each ConfigMap and Secret (of Secrets the decoded bytes), and the
 * annotations of each object, those included that a client-side `kubectl apply` would add.
 */
export function auditSizes(objects: readonly KubernetesObject[]): Finding[] {
  return wellFormedObjects(objects).flatMap((object) => [
    ...auditData(object),
    ...auditAnnotations(object),
  ]);
}

function auditData(object: KubernetesObject): Finding[] {
  const sizes = valueSizes(object);
  const total = sum(sizes.values());
  if (total <= MAX_DATA_BYTES * NEAR) return [];
  const [largest = ['', 0]] = [...sizes].sort(([, a], [, b]) => b - a);
  const share = `The values of this ${object.kind} are ${total} bytes, ${percent(total / MAX_DATA_BYTES)} of the ${MAX_DATA_BYTES} that the API server takes; the largest is ${largest[0]} with ${largest[1]}.`;
  const place = { object: describeObject(object) };
  return total > MAX_DATA_BYTES
    ? [
        finding(
          'size-over-limit',
          `${share} Split it over several objects, or make it smaller.`,
          place,
        ),
      ]
    : [finding('size-near-limit', `${share} Split it before it grows over the limit.`, place)];
}

function valueSizes({ apiVersion, kind, data, binaryData, stringData }: KubernetesObject) {
  const sizes = new Map<string, number>();
  if (apiVersion !== 'v1' || (kind !== 'ConfigMap' && kind !== 'Secret')) return sizes;
  const isSecret = kind === 'Secret';
  for (const [key, value] of strings(data)) {
    sizes.set(key, isSecret ? decodedBytes(value) : Buffer.byteLength(value));
  }
  for (const [key, value] of strings(isSecret ? undefined : binaryData)) {
    sizes.set(key, decodedBytes(value));
  }
  // stringData takes the place of data of the same key before the object is checked.
  for (const [key, value] of strings(isSecret ? stringData : undefined)) {
    sizes.set(key, Buffer.byteLength(value));
  }
  return sizes;
}

function auditAnnotations(object: KubernetesObject): Finding[] {
  const place = { object: describeObject(object) };
  const annotations = strings(object.metadata.annotations).filter(([key]) => key !== LAST_APPLIED);
  const own = sum(
    annotations.map(([key, text]) => Buffer.byteLength(key) + Buffer.byteLength(text)),
  );
  if (own > MAX_ANNOTATION_BYTES) {
    const message = `The annotations of this object are ${own} bytes, more than the ${MAX_ANNOTATION_BYTES} that the API server takes. Move what is in them to a ConfigMap, or make it smaller.`;
    return [finding('size-over-limit', message, place)];
  }
  // kubectl writes the object as JSON, and a newline.
  const withApply = own + LAST_APPLIED.length + Buffer.byteLength(JSON.stringify(object)) + 1;
  if (withApply <= MAX_ANNOTATION_BYTES) return [];
  const message = `A client-side "kubectl apply" of this object fails: it would add an annotation with the whole object, ${withApply} bytes, and the API server takes ${MAX_ANNOTATION_BYTES}. Use "kubectl apply --server-side", which adds none, or make the object smaller.`;
  return [finding('size-near-limit', message, place)];
}

function strings(values: unknown): [key: string, value: string][] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}

// Four letters are three bytes, less the padding; line breaks are taken by YAML's literal blocks and ignored.
function decodedBytes(base64: string): number {
  const letters = base64.replace(/[\s=]/g, '').length;
  return Math.floor((letters * 3) / 4);
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
