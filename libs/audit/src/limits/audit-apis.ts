import { type Finding, finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from '../objects/api-group.ts';
import { wellFormedObjects } from '../objects/well-formed-objects.ts';
import { type ApiData, readApiData, type ServedKind } from './api-data.ts';
import { type CustomKinds, customKinds } from './custom-resources.ts';
import { nearest } from './nearest.ts';
import { unknownCustomFields, type UnknownField, unknownFields } from './unknown-fields.ts';

export interface AuditApisOptions {
  /** The environment's Kubernetes version: `v1.36` or `v1.36.3`. */
  readonly version: string;
}

/**
 * Checks that an API server of a Kubernetes version, as it is set up by default, would take each object: its API version
 * and kind are served (`api-not-served`), and it has only fields that are known there (`field-unknown`), since a
 * server-side apply refuses others. What is known is what such an API server said of itself; custom resources are checked
 * by the CustomResourceDefinitions in the list, and left out where there is none. Values are not checked.
 *
 * @throws {AuditError} `unreadable` for a Kubernetes version of which there is no data; lists those that are known.
 */
export function auditApis(
  objects: readonly KubernetesObject[],
  { version }: AuditApisOptions,
): Finding[] {
  const data = readApiData(version);
  const whole = wellFormedObjects(objects);
  const custom = customKinds(whole);
  return whole.flatMap((object) => auditObject(object, data, custom));
}

function auditObject(object: KubernetesObject, data: ApiData, custom: CustomKinds): Finding[] {
  const { apiVersion, kind } = object;
  const place = { object: describeObject(object) };
  const served = servedKind(apiVersion, kind, data);
  if (served) {
    return unknownFields(object, served.type, data).map((field) =>
      finding('field-unknown', fieldMessage(field, `${apiVersion} ${kind}`, data.version), place),
    );
  }
  const group = apiGroup(apiVersion);
  const groupVersion = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const definition = custom.get(`${group}/${kind}`);
  if (definition === undefined) {
    const message = notServed(apiVersion, kind, data);
    return message === undefined ? [] : [finding('api-not-served', message, place)];
  }
  if (!definition.versions.has(groupVersion)) {
    const uses = [...definition.versions.keys()].map((name) => `${group}/${name}`);
    return [
      finding(
        'api-not-served',
        `CustomResourceDefinition ${definition.definition} serves no ${apiVersion}. ` +
          `Use ${uses.join(' or ')}, or serve that version too.`,
        place,
      ),
    ];
  }
  const schema = definition.versions.get(groupVersion);
  return unknownCustomFields(object, schema, data).map((field) =>
    finding(
      'field-unknown',
      fieldMessage(
        field,
        `${kind} by CustomResourceDefinition ${definition.definition}`,
        undefined,
      ),
      place,
    ),
  );
}

function servedKind(apiVersion: string, kind: string, data: ApiData): ServedKind | undefined {
  const kinds = Object.hasOwn(data.kinds, apiVersion) ? data.kinds[apiVersion] : undefined;
  return kinds && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

function fieldMessage({ path, near }: UnknownField, owner: string, version?: string): string {
  const where = version === undefined ? '' : ` in Kubernetes ${version}`;
  const what = `${path} is no field of ${owner}${where}, so the API server refuses or drops it.`;
  return near === undefined ? `${what} Remove it.` : `${what} Use ${near}, or remove it.`;
}

// Undefined for what may well be served: a custom resource whose definition comes from elsewhere.
function notServed(apiVersion: string, kind: string, data: ApiData): string | undefined {
  const { version, kinds } = data;
  const group = apiGroup(apiVersion);
  const groups = new Set(Object.keys(kinds).map(apiGroup));
  // A custom resource's group has a dot in it (apiextensions validation), Kubernetes' own may or may not.
  const isBuiltIn = groups.has(group) || !group.includes('.');
  const meantGroup = isBuiltIn ? undefined : nearestBuiltInGroup(group, kind, data, groups);
  if (!isBuiltIn && meantGroup === undefined) return undefined;
  const serves = `Kubernetes ${version} serves no ${apiVersion} ${kind}.`;
  // The same group comes first: Event is in two.
  const uses = Object.keys(kinds)
    .filter((name) => Object.hasOwn(kinds[name] ?? {}, kind))
    .sort((a, b) => Number(inGroup(b, group)) - Number(inGroup(a, group)));
  const use = uses.find((name) => meantGroup === undefined || inGroup(name, meantGroup));
  if (use !== undefined) return `${serves} Use ${use}.`;
  const inVersion = Object.keys(kinds[apiVersion] ?? {});
  const anyKind = Object.values(kinds).flatMap((names) => Object.keys(names));
  const near = nearest(kind, inVersion) ?? nearest(kind, anyKind);
  return near === undefined
    ? `${serves} No version of it is left: remove the object, or what needs it.`
    : `${serves} Is it meant to be ${near}?`;
}

// A group such as `rbnac.authorization.k8s.io`: a misspelling, since the group it resembles has the very kind, in the
// same domain.
function nearestBuiltInGroup(
  group: string,
  kind: string,
  data: ApiData,
  groups: ReadonlySet<string>,
): string | undefined {
  const dotted = [...groups].filter((name) => name.includes('.'));
  const near = nearest(group, dotted);
  if (near === undefined || topDomain(near) !== topDomain(group)) return undefined;
  const hasKind = Object.entries(data.kinds).some(
    ([apiVersion, kinds]) => inGroup(apiVersion, near) && Object.hasOwn(kinds, kind),
  );
  return hasKind ? near : undefined;
}

function inGroup(apiVersion: string, group: string): boolean {
  return apiGroup(apiVersion) === group;
}

function topDomain(group: string): string {
  return group.split('.').slice(-2).join('.');
}
