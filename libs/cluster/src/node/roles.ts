import { APPLY_PATCH } from '../api-request.ts';
import type { Cluster } from '../cluster.ts';
import { DNS_USER } from './daemon-files.ts';

const RBAC = 'rbac.authorization.k8s.io';
const FIELD_MANAGER = 'prow-deploy-cluster';

/** Lets the DNS read what it answers from: what CoreDNS's own deployment gives it. */
export async function reconcileRoles(cluster: Cluster): Promise<void> {
  await apply(cluster, 'clusterroles', {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: DNS_USER },
    rules: [
      {
        apiGroups: [''],
        resources: ['endpoints', 'namespaces', 'pods', 'services'],
        verbs: ['list', 'watch'],
      },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  });
  await apply(cluster, 'clusterrolebindings', {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: DNS_USER },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: DNS_USER },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: DNS_USER }],
  });
}

async function apply(cluster: Cluster, resource: string, body: unknown): Promise<void> {
  await cluster.request({
    method: 'PATCH',
    path: `/apis/${RBAC}/v1/${resource}/${DNS_USER}`,
    query: { fieldManager: FIELD_MANAGER, force: true },
    contentType: APPLY_PATCH,
    body,
  });
}
