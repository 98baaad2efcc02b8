import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from './api-group.ts';

/** Objects that are there twice, by group, kind, namespace and name: the later one would replace the earlier one. */
export function* auditIdentities(objects: readonly KubernetesObject[]): Generator<Finding> {
  const counts = new Map<string, { object: KubernetesObject; count: number }>();
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const identity = [apiGroup(apiVersion), kind, metadata.namespace ?? '', metadata.name].join(
      '/',
    );
    const entry = counts.get(identity);
    if (entry === undefined) counts.set(identity, { object, count: 1 });
    else entry.count++;
  }
  for (const { object: each, count } of counts.values()) {
    if (count === 1) continue;
    const object = describeObject(each);
    const message = `${object} is rendered ${String(count)} times: the last one would replace the others. Remove all but one, or rename them.`;
    yield finding('duplicate-object', message, { object });
  }
}
