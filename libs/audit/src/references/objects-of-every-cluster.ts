import type { ObjectReference } from '../kubernetes-object.ts';

/** The namespaces that Kubernetes makes by itself. */
const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

const CLUSTER_ROLES = ['cluster-admin', 'admin', 'edit', 'view'];

/**
 * Whether Kubernetes makes an object by itself, or a distribution does in its own namespaces (`kube-*`): DNS, metrics and the
 * controllers' ServiceAccounts are not for a render to know.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export function isOfEveryCluster({ kind, name, namespace }: ObjectReference): boolean {
  if (kind === 'Namespace') return NAMESPACES.includes(name);
  if (kind === 'ClusterRole') return CLUSTER_ROLES.includes(name) || name.startsWith('system:');
  if (kind === 'Service' && name === 'kubernetes') return namespace === 'default';
  if (kind === 'ConfigMap' && name === 'kube-root-ca.crt') return true;
  return namespace !== undefined && namespace !== 'default' && NAMESPACES.includes(namespace);
}
