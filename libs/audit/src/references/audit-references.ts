import type { Finding } from '../finding.ts';
import { describeObject, describeReference, type KubernetesObject } from '../kubernetes-object.ts';
import { type ObjectOrigin, withOrigins } from '../objects/origin.ts';
import { wellFormedObjects } from '../objects/well-formed-objects.ts';
import { auditMountedFiles } from './audit-mounted-files.ts';
import { auditNamespaces } from './audit-namespaces.ts';
import { auditServices } from './audit-services.ts';
import { readConfigFiles } from './config-files.ts';
import type { ExternalObject } from './external-object.ts';
import { hostReferences } from './host-references.ts';
import { namespaceReferences } from './namespace-references.ts';
import { objectReferences } from './object-references.ts';
import { podReferences } from './pod-references.ts';
import { prowReferences } from './prow-references.ts';
import { checkReference, type Reference } from './reference.ts';
import { qualifiedReferences } from './qualified-references.ts';
import { RenderedObjects } from './rendered-objects.ts';
import { roleReferences } from './role-references.ts';
import { configSettings, objectSettings, podSettings, type Setting } from './settings.ts';

export interface AuditReferencesOptions {
  /** What exists outside of the render: references to it are no findings. Default: none. */
  readonly external?: readonly ExternalObject[];
  /** Where an object comes from: put into its findings. Default: findings have no file. */
  readonly origin?: (object: KubernetesObject) => ObjectOrigin | undefined;
}

/**
 * Finds every reference to something that nothing renders: ServiceAccounts, roles and subjects, ConfigMaps, Secrets and their
 * keys, claims, Services and ports behind Ingresses and webhooks, hosts in arguments, variables and ConfigMaps, namespaces;
 * and Services that lead nowhere. What every cluster has by itself, and what a rendered object makes at run time, is known.
 *
 * `objects` is a whole render: what is left out of it is taken as absent. The findings are in the order of the objects.
 */
export function auditReferences(
  objects: readonly KubernetesObject[],
  options: AuditReferencesOptions = {},
): Finding[] {
  const { external = [], origin } = options;
  const rendered = new RenderedObjects(wellFormedObjects(objects), external);
  const findings = new Map<string, Finding>();
  const add = (found: Iterable<Finding>) => {
    for (const finding of found) findings.set(`${finding.code} ${finding.message}`, finding);
  };
  const references = [...allReferences(rendered)];
  const namedBy = namesByObjectAndKind(references);
  const seen = new Set<string>();
  for (const reference of references) {
    const { from, to, code } = reference;
    // An object that is absent is said once per object that names it, however often it does.
    const key = `${describeObject(from)} ${code} ${describeReference(to)}`;
    if (seen.has(key)) continue;
    const found = checkReference(reference, rendered, namedBy.get(from)?.get(to.kind));
    if (found.some((finding) => finding.code === code)) seen.add(key);
    add(found);
  }
  add(auditNamespaces(rendered));
  add(auditServices(rendered));
  for (const template of rendered.templates) add(auditMountedFiles(template, rendered));
  const inOrder = [...findings.values()].sort(
    (one, other) => rendered.position(one.object) - rendered.position(other.object),
  );
  return withOrigins(inOrder, rendered.all, origin);
}

function namesByObjectAndKind(references: readonly Reference[]) {
  const found = new Map<KubernetesObject, Map<string, Set<string>>>();
  for (const { from, to } of references) {
    const kinds = found.get(from) ?? new Map<string, Set<string>>();
    const names = kinds.get(to.kind) ?? new Set();
    found.set(from, kinds.set(to.kind, names.add(to.name)));
  }
  return found;
}

/** That one object names another: each time that one does. */
export function* allReferences(objects: RenderedObjects): Generator<Reference> {
  for (const object of objects.all) {
    yield* roleReferences(object);
    yield* objectReferences(object);
    for (const setting of objectSettings(object)) yield* hostReferences(setting, objects);
  }
  for (const template of objects.templates) {
    yield* podReferences(template);
    for (const setting of podSettings(template)) yield* settingReferences(setting, objects);
  }
  for (const file of readConfigFiles(objects)) {
    yield* prowReferences(file);
    for (const setting of configSettings(file)) yield* settingReferences(setting, objects);
  }
}

function* settingReferences(setting: Setting, objects: RenderedObjects): Generator<Reference> {
  yield* hostReferences(setting, objects);
  yield* namespaceReferences(setting);
  yield* qualifiedReferences(setting, objects);
}
