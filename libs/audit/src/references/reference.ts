import { finding, type Finding, type FindingCode } from '../finding.ts';
import {
  describeObject,
  describeReference,
  type KubernetesObject,
  type ObjectReference,
} from '../kubernetes-object.ts';
import { fields, items } from '../objects/fields.ts';
import { nearestName } from './nearest-name.ts';
import type { RenderedObjects } from './rendered-objects.ts';

/** That an object names another one. */
export interface Reference {
  readonly from: KubernetesObject;
  /** How it names it, such as `volume config` or `argument --tide-url of container deck`. */
  readonly by: string;
  readonly to: ObjectReference;
  /** The code of the finding where the other one is absent. */
  readonly code: FindingCode;
  /** Key of a ConfigMap or Secret that must be there too. */
  readonly key?: string;
  /** Port of a Service that must be there too: a number or a name. */
  readonly port?: number | string;
}

/**
 * What is wrong with a reference: nothing, or one finding. `named` are the names of the same kind that the object names
 * too: they are not what it meant here.
 */
export function checkReference(
  reference: Reference,
  objects: RenderedObjects,
  named?: ReadonlySet<string>,
): Finding[] {
  const { from, by, to, code, key, port } = reference;
  const place = { object: describeObject(from) };
  const found = objects.find(to);
  if (found === 'outside') return [];
  if (found === undefined) {
    const near = objects.nearest(to, named);
    const message = `${place.object} names ${describeReference(to)} (${by}), which nothing renders. ${advice(near && describeReference(near), `Render it, correct the name, or declare it as external`)}`;
    return [finding(code, message, place)];
  }
  if (key !== undefined && !dataKeys(found).includes(key)) {
    const near = nearestName(key, dataKeys(found));
    const message = `${place.object} names key ${key} of ${describeObject(found)} (${by}), which has ${listOf(dataKeys(found), 'no key')}. ${advice(near, 'Add the key, or correct its name')}`;
    return [finding('absent-key', message, place)];
  }
  if (port !== undefined && !hasPort(found, port)) {
    const message = `${place.object} names port ${String(port)} of ${describeObject(found)} (${by}), which has ${listOf(portsOf(found).map(String), 'no port')}. Name one of its ports, or add this one to the Service.`;
    return [finding('absent-port', message, place)];
  }
  return [];
}

/** Ends a message: with what was likely meant, or with what to do. */
export function advice(near: string | undefined, otherwise: string): string {
  return near === undefined ? `${otherwise}.` : `Did you mean ${near}?`;
}

/** The keys of a ConfigMap or Secret. */
export function dataKeys(object: KubernetesObject): string[] {
  return ['data', 'binaryData', 'stringData'].flatMap((field) =>
    Object.keys(fields(object[field])),
  );
}

/** The ports of a Service, by number and by name. */
function portsOf(service: KubernetesObject): unknown[] {
  return items(fields(service['spec'])['ports']).flatMap(({ port, name }) =>
    name === undefined ? [port] : [port, name],
  );
}

// Another name has its own ports, and the pods behind a headless Service are reached on any of theirs.
function hasPort(service: KubernetesObject, port: number | string): boolean {
  const { type, clusterIP } = fields(service['spec']);
  if (type === 'ExternalName' || clusterIP === 'None') return true;
  return portsOf(service).includes(port);
}

function listOf(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(', ');
}
