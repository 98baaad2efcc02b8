import { finding, type Finding } from '../finding.ts';
import { describeObject } from '../kubernetes-object.ts';
import { nearestName } from './nearest-name.ts';
import { advice } from './reference.ts';
import type { RenderedObjects } from './rendered-objects.ts';

/**
 * Namespaces that objects are in and nothing renders: the API server refuses such objects. Found only in a render that
 * brings namespaces at all; one without any is meant for namespaces that are there.
 */
export function* auditNamespaces(objects: RenderedObjects): Generator<Finding> {
  const rendered = new Set(objects.ofKind('Namespace').map(({ metadata }) => metadata.name));
  if (rendered.size === 0) return;
  const seen = new Set<string>(rendered);
  for (const each of objects.all) {
    const { namespace } = each.metadata;
    if (namespace === undefined || seen.has(namespace)) continue;
    seen.add(namespace);
    if (objects.isOutside({ kind: 'Namespace', name: namespace })) continue;
    const count = objects.all.filter(({ metadata }) => metadata.namespace === namespace).length;
    const object = describeObject(each);
    const others = count > 1 ? ` (with ${String(count - 1)} more)` : '';
    const message = `${object}${others} is in Namespace ${namespace}, which nothing renders. ${advice(nearestName(namespace, rendered), 'Render the Namespace, or declare it as external')}`;
    yield finding('absent-namespace', message, { object });
  }
}
