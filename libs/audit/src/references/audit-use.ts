import { finding, type Finding } from '../finding.ts';
import { describeObject, describeReference, type KubernetesObject } from '../kubernetes-object.ts';
import { fields, items, text } from '../objects/fields.ts';
import { wellFormedObjects } from '../objects/well-formed-objects.ts';
import { allReferences } from './audit-references.ts';
import { matches } from './audit-services.ts';
import type { Reference } from './reference.ts';
import { RenderedObjects } from './rendered-objects.ts';

/**
 * Finds what is rendered and led to by nothing: objects that are read by those who name them, and ports of containers.
 * Others may use them, so these findings are only to be known; a name that was misspelt where an object is made shows here.
 */
export function auditUse(objects: readonly KubernetesObject[]): Finding[] {
  const rendered = new RenderedObjects(wellFormedObjects(objects));
  return [...unusedObjects([...allReferences(rendered)], rendered), ...unservedPorts(rendered)];
}

/** What is read by those who name it. */
const READ_BY_NAME = ['ConfigMap', 'Secret', 'PersistentVolumeClaim', 'ServiceAccount'];

// ConfigMaps, Secrets, claims and ServiceAccounts that nothing in the render names.
function* unusedObjects(
  references: readonly Reference[],
  objects: RenderedObjects,
): Generator<Finding> {
  const used = new Set(references.map(({ to }) => describeReference(to)));
  for (const object of READ_BY_NAME.flatMap((kind) => [...objects.ofKind(kind)])) {
    const { kind, metadata } = object;
    const anywhere = describeReference({ kind, name: metadata.name });
    if (used.has(describeObject(object)) || used.has(anywhere)) continue;
    const message = `Nothing in the render names ${describeObject(object)}. If others read it, all is well; if not, correct its name, or remove it.`;
    yield finding('object-unused', message, { object: describeObject(object) });
  }
}

// Ports that containers declare and that no Service leads to.
function* unservedPorts(objects: RenderedObjects): Generator<Finding> {
  const services = [...objects.ofKind('Service')];
  for (const { object, namespace, labels, containers } of objects.templates) {
    const leading = services.filter(
      (service) =>
        service.metadata.namespace === namespace &&
        matches(fields(fields(service['spec'])['selector']), labels),
    );
    for (const container of containers) {
      for (const port of items(container.fields['ports'])) {
        const number = portText(port['containerPort']);
        if (
          number === undefined ||
          leading.some((service) => leadsTo(service, number, text(port['name'])))
        ) {
          continue;
        }
        const message = `No Service leads to port ${number} of container ${container.name} of ${describeObject(object)}. If it is asked directly, all is well; if not, add a Service, or correct the port.`;
        yield finding('port-without-service', message, { object: describeObject(object) });
      }
    }
  }
}

function leadsTo(service: KubernetesObject, number: string, name: string | undefined): boolean {
  const selector = fields(fields(service['spec'])['selector']);
  if (Object.keys(selector).length === 0) return false;
  return items(fields(service['spec'])['ports']).some((port) => {
    const target = portText(port['targetPort']) ?? portText(port['port']);
    return target === number || (name !== undefined && target === name);
  });
}

function portText(port: unknown): string | undefined {
  return typeof port === 'number' ? String(port) : text(port);
}
