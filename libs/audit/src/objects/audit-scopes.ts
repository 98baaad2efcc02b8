import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from './api-group.ts';
import { builtInScope } from './built-in-kinds.ts';
import { fields, text } from './fields.ts';

/**
 * Namespaced objects without a namespace: they would go wherever the context points at that moment. The scope of a custom
 * resource is that of its CustomResourceDefinition in the list; without one it is not known, and nothing is said.
 */
export function* auditScopes(objects: readonly KubernetesObject[]): Generator<Finding> {
  const customScopes = new Map<string, string>();
  for (const definition of objects) {
    if (definition.kind !== 'CustomResourceDefinition') continue;
    const spec = fields(definition['spec']);
    const kind = text(fields(spec['names'])['kind']);
    const scope = text(spec['scope']);
    // A definition of version v1beta1 that does not say it is Namespaced.
    if (kind) customScopes.set(`${kind}.${text(spec['group']) ?? ''}`, scope ?? 'Namespaced');
  }
  for (const each of objects) {
    const { apiVersion, kind, metadata } = each;
    if (text(metadata.namespace) !== undefined) continue;
    const group = apiGroup(apiVersion);
    const scope = builtInScope(group, kind) ?? customScopes.get(`${kind}.${group}`);
    if (scope !== 'Namespaced') continue;
    const object = describeObject(each);
    const message = `${object} has no namespace, so it goes wherever the context of the moment points. Set metadata.namespace.`;
    yield finding('no-namespace', message, { object });
  }
}
