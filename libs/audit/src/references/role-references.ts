import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields, items, text } from '../objects/fields.ts';
import type { Reference } from './reference.ts';

/** The role and the subjects of a RoleBinding or ClusterRoleBinding. */
export function* roleReferences(object: KubernetesObject): Generator<Reference> {
  const { kind, metadata } = object;
  if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') return;
  const role = fields(object['roleRef']);
  const roleKind = text(role['kind']);
  const roleName = text(role['name']);
  if (roleName !== undefined && (roleKind === 'Role' || roleKind === 'ClusterRole')) {
    const namespace = roleKind === 'Role' ? metadata.namespace : undefined;
    const to = {
      kind: roleKind,
      name: roleName,
      ...(namespace === undefined ? {} : { namespace }),
    };
    yield { from: object, by: 'roleRef', code: 'absent-role', to };
  }
  for (const subject of items(object['subjects'])) {
    const name = text(subject['name']);
    if (name === undefined) continue;
    yield* subjectReferences(object, text(subject['kind']), name, text(subject['namespace']));
  }
}

// Users and groups are made nowhere, but those of ServiceAccounts name a ServiceAccount or a namespace.
function* subjectReferences(
  from: KubernetesObject,
  kind: string | undefined,
  name: string,
  namespace: string | undefined,
): Generator<Reference> {
  const [system, sort, ofNamespace, account] = name.split(':');
  if (kind === 'ServiceAccount') {
    // Without a namespace the API server refuses a ClusterRoleBinding; a RoleBinding gets its own.
    const own = namespace ?? from.metadata.namespace;
    const to = { kind, name, ...(own === undefined ? {} : { namespace: own }) };
    yield { from, by: 'subject', code: 'absent-subject', to };
  } else if (system !== 'system' || ofNamespace === undefined) {
    return;
  } else if (kind === 'User' && sort === 'serviceaccount' && account !== undefined) {
    const to = { kind: 'ServiceAccount', name: account, namespace: ofNamespace };
    yield { from, by: `subject ${name}`, code: 'absent-subject', to };
  } else if (kind === 'Group' && sort === 'serviceaccounts') {
    const to = { kind: 'Namespace', name: ofNamespace };
    yield { from, by: `subject ${name}`, code: 'absent-namespace', to };
  }
}
