/** A Kubernetes object as far as the audit knows it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Names an object, or what a reference leads to. */
export interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The one way to write an object: `Deployment kubevirt-prow/deck`, `Namespace kubevirt-prow`. */
export function describeObject({
  kind,
  metadata,
}: Pick<KubernetesObject, 'kind' | 'metadata'>): string {
  return describeReference({ kind, ...metadata });
}

/** The same for a reference. */
export function describeReference({ kind, name, namespace }: ObjectReference): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
