import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from '../objects/api-group.ts';
import { builtInScope } from '../objects/built-in-kinds.ts';
import { type Fields, fields, items, text } from '../objects/fields.ts';
import { nearestName } from './nearest-name.ts';
import type { Container, PodTemplate } from '../objects/pod-templates.ts';
import { advice } from './reference.ts';
import type { RenderedObjects } from './rendered-objects.ts';

/** Services that select no pod, and ports named in Services and probes that no selected container has. */
export function* auditServices(objects: RenderedObjects): Generator<Finding> {
  for (const service of objects.ofKind('Service')) yield* auditService(service, objects);
  for (const template of objects.templates) yield* auditProbes(template);
}

function* auditService(service: KubernetesObject, objects: RenderedObjects): Generator<Finding> {
  const spec = fields(service['spec']);
  const selector = fields(spec['selector']);
  if (Object.keys(selector).length === 0 || spec['type'] === 'ExternalName') return;
  const { name, namespace } = service.metadata;
  const inNamespace = objects.templates.filter(
    (template) => namespace === undefined || template.namespace === namespace,
  );
  const selected = inNamespace.filter(({ labels }) => matches(selector, labels));
  const object = describeObject(service);
  if (selected.length === 0) {
    if (mayBeMadeByController(selector, namespace, objects)) return;
    if (objects.find({ kind: 'Pod', name, ...(namespace ? { namespace } : {}) })) return;
    const near = nearestTemplate(selector, inNamespace);
    const wanted = describeLabels(selector);
    const message = `${object} selects ${wanted}, which no pod template of its namespace has. ${advice(near, `Correct the selector, render the workload, or declare the Pod ${name} as external`)}`;
    yield finding('service-selects-nothing', message, { object });
    return;
  }
  for (const port of items(spec['ports'])) {
    const target = text(port['targetPort']);
    if (target === undefined || /^\d+$/.test(target)) continue;
    const names = selected.flatMap(({ containers }) => containers.flatMap(portNames));
    if (names.includes(target)) continue;
    const pods = [...new Set(selected.map((template) => describeObject(template.object)))];
    const message = `${object} leads to port ${target} of ${pods.join(', ')}, which has ${names.join(', ') || 'no named port'}. ${advice(nearestName(target, names), 'Name the port in the container, or use its number')}`;
    yield finding('absent-port', message, { object });
  }
}

function* auditProbes(template: PodTemplate): Generator<Finding> {
  const object = describeObject(template.object);
  for (const container of template.containers) {
    const lifecycle = fields(container.fields['lifecycle']);
    const probes = {
      ...Object.fromEntries(PROBES.map((probe) => [probe, fields(container.fields[probe])])),
      postStart: fields(lifecycle['postStart']),
      preStop: fields(lifecycle['preStop']),
    };
    for (const [probe, action] of Object.entries(probes)) {
      for (const type of ['httpGet', 'tcpSocket']) {
        const port = text(fields(action[type])['port']);
        const names = portNames(container);
        if (port === undefined || /^\d+$/.test(port) || names.includes(port)) continue;
        const message = `${object} asks port ${port} in ${probe} of container ${container.name}, which has ${names.join(', ') || 'no named port'}. ${advice(nearestName(port, names), 'Name the port in the container, or use its number')}`;
        yield finding('absent-port', message, { object });
      }
    }
  }
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

export function portNames(container: Container): string[] {
  return items(container.fields['ports']).flatMap(({ name }) => text(name) ?? []);
}

export function matches(selector: Fields, labels: Fields): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

// The pods of a custom resource are made by its controller, commonly with its name or its labels on them.
function mayBeMadeByController(
  selector: Fields,
  namespace: string | undefined,
  objects: RenderedObjects,
): boolean {
  const wanted = Object.values(selector);
  return objects.all.some(({ apiVersion, kind, metadata }) => {
    if (builtInScope(apiGroup(apiVersion), kind) !== undefined) return false;
    if (namespace !== undefined && metadata.namespace !== namespace) return false;
    return wanted.includes(metadata.name) || matches(selector, fields(metadata.labels));
  });
}

// What is selected by, as a template has it: the same keys with values that are near.
function nearestTemplate(selector: Fields, templates: readonly PodTemplate[]): string | undefined {
  const known = templates.map(({ labels }) =>
    describeLabels(Object.fromEntries(Object.keys(selector).map((key) => [key, labels[key]]))),
  );
  return nearestName(describeLabels(selector), known);
}

function describeLabels(labels: Fields): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}
