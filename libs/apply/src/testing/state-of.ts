import { type Cluster, METADATA_LIST } from '@prow-deploy/cluster';
import { apiPath } from '../api-path.ts';
import { readInventory } from '../inventory-store.ts';
import type { KubernetesObject, ObjectMetadata } from '../kubernetes-object.ts';
import { ownEntries } from '../mark.ts';
import { describe, referenceKey } from '../object-reference.ts';
import { rebuildEntries } from '../plan/rebuild-entries.ts';
import { readObjects } from '../settle.ts';
import { without } from '../without.ts';

/**
 * What an environment has in its cluster, without what differs between two applies of the same: each object's fields,
 * which of them are ours, and that nothing is there beside the inventory. Names are those of an environment `env`.
 */
export async function stateOf(cluster: Cluster, environment: string): Promise<unknown> {
  const place = { cluster, inventoryNamespace: environment };
  const stored = await readInventory(place);
  const entries = stored?.inventory.entries ?? [];
  const objects = await readObjects({ cluster, entries });
  const labelled = await rebuildEntries({ cluster, environment });
  const bookkeeping = await cluster.request({
    path: apiPath(
      { apiVersion: 'v1', resource: 'configmaps', namespaced: true },
      { namespace: environment },
    ),
    query: { labelSelector: 'app.kubernetes.io/managed-by=prow-deploy' },
    accept: METADATA_LIST,
  });
  const { items } = bookkeeping.body as { items: { metadata: ObjectMetadata }[] };
  const state = {
    applying: stored?.applying,
    inventory: entries.map(describe).sort(),
    labelled: labelled.entries.map(describe).sort(),
    bookkeeping: items.map(({ metadata }) => metadata.name).sort(),
    objects: entries
      .map((entry) => JSON.stringify(comparable(objects.get(referenceKey(entry)))))
      .map((text) => text.replaceAll(environment, 'env'))
      .sort()
      .map((text) => JSON.parse(text) as unknown),
  };
  return JSON.parse(JSON.stringify(state).replaceAll(environment, 'env')) as unknown;
}

function comparable(object: KubernetesObject | undefined): unknown {
  if (object === undefined) return 'absent';
  const { name, labels, annotations } = object.metadata;
  const owned = ownEntries(object.metadata).map(({ fieldsV1 }) => fieldsV1);
  const spec = object['spec'] as Record<string, unknown> | undefined;
  // Assigned by the API server, or by controllers.
  const assigned = ['clusterIP', 'clusterIPs', 'claimRef', 'selector'];
  const template = spec?.['template'] as { metadata?: unknown; spec?: unknown } | undefined;
  // The key of the checksums is another one in each inventory.
  const kept = { ...(spec && without(spec, ...assigned, 'template')), pod: template?.spec };
  const data = object['data'] ?? object['rules'] ?? object['subjects'];
  const plain = annotations && without(annotations, 'deployment.kubernetes.io/revision');
  return { kind: object.kind, name, labels, annotations: plain, owned, spec: kept, data };
}
