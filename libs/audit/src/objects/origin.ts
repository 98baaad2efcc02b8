import type { Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';

/** Where an object is written. */
export interface ObjectOrigin {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** The findings with the file and line of their objects, where those are known. */
export function withOrigins(
  findings: readonly Finding[],
  objects: readonly KubernetesObject[],
  origin: ((object: KubernetesObject) => ObjectOrigin | undefined) | undefined,
): Finding[] {
  if (origin === undefined || findings.length === 0) return [...findings];
  const byDescription = new Map(objects.map((object) => [describeObject(object), object]));
  return findings.map((finding) => {
    const object = byDescription.get(finding.object ?? '');
    return { ...finding, ...(object === undefined ? undefined : origin(object)) };
  });
}
