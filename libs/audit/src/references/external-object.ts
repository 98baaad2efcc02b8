import type { ObjectReference } from '../kubernetes-object.ts';

/**
 * An object that exists although nothing renders it. In `kind`, `name` and `namespace`, `*` stands for any text.
 * Without a namespace, objects of every namespace are meant. The `apiVersion` is not looked at.
 *
 * A declared ConfigMap or Secret has every key, a declared Service every port. A declared Namespace exists, but not what
 * is said to be in it: `{ kind: '*', name: '*', namespace }` says that. A declared Pod with the name of a Service is
 * what that Service selects.
 */
export interface ExternalObject extends ObjectReference {
  /** Why it exists: who makes it. Default: none. */
  readonly reason?: string;
}

/** Makes a function that says whether an object is declared as external. */
export function externalMatcher(
  declared: readonly ExternalObject[],
): (reference: ObjectReference) => boolean {
  if (declared.length === 0) return () => false;
  const patterns = declared.map(({ kind, name, namespace }) => ({
    kind: glob(kind),
    name: glob(name),
    namespace: namespace === undefined ? undefined : glob(namespace),
  }));
  return ({ kind, name, namespace }) =>
    patterns.some(
      (pattern) =>
        pattern.kind.test(kind) &&
        pattern.name.test(name) &&
        (pattern.namespace === undefined ||
          namespace === undefined ||
          pattern.namespace.test(namespace)),
    );
}

function glob(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
