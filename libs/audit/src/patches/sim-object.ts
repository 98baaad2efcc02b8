import { type Json, type JsonObject, isJsonObject, textOf } from '../load/tree.ts';
import { isClusterScoped } from './merge-schema.ts';

/** What tells an object apart for kustomize. */
export interface ObjectId {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** An object on its way through the kustomizations. Values are never changed, only replaced. */
export interface SimObject {
  /** Stays the same through all changes: position in which the object was first seen. */
  readonly key: string;
  readonly value: JsonObject;
  /** Names that it had, oldest first: `kind`, `name` and effective `namespace` as kustomize remembers them. */
  readonly previous: readonly Pick<ObjectId, 'kind' | 'name' | 'namespace'>[];
  /** A generated object whose name gets a hash at the end. */
  readonly hashed: boolean;
  /** Prefixes and suffixes that kustomizations put on its name, the innermost first. */
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

/** An object as a manifest or a generator gives it. */
export function newObject(key: string, value: JsonObject, hashed = false): SimObject {
  return { key, value, hashed, previous: [], prefixes: [], suffixes: [] };
}

const NO_NAMESPACE = '_non_namespaceable_';

/** Splits `apps/v1`. */
export function groupVersion(apiVersion: string): { group: string; version: string } {
  const at = apiVersion.indexOf('/');
  return at < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, at), version: apiVersion.slice(at + 1) };
}

export function apiVersionOf({ group, version }: Pick<ObjectId, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

export function metadataOf(value: JsonObject): JsonObject {
  const metadata = value['metadata'];
  return isJsonObject(metadata) ? metadata : {};
}

const ids = new WeakMap<JsonObject, ObjectId>();

/** The id that a value has now. */
export function idOf(value: JsonObject): ObjectId {
  let id = ids.get(value);
  if (!id) {
    id = readId(value);
    ids.set(value, id);
  }
  return id;
}

function readId(value: JsonObject): ObjectId {
  const metadata = metadataOf(value);
  return {
    ...groupVersion(textOf(value['apiVersion'])),
    kind: textOf(value['kind']),
    name: textOf(metadata['name']),
    namespace: textOf(metadata['namespace']),
  };
}

/** Its first id; the group and version are always those of now. */
export function originalId(object: SimObject): ObjectId {
  const now = idOf(object.value);
  const [first] = object.previous;
  return first ? { ...now, ...first } : now;
}

/** Every id that it has had, the current one last. */
export function allIds(object: SimObject): ObjectId[] {
  const now = idOf(object.value);
  return [...object.previous.map((id) => ({ ...now, ...id })), now];
}

/** The namespace that kustomize compares by: `default` where there is none. */
export function effectiveNamespace(id: ObjectId): string {
  if (isClusterScoped(apiVersionOf(id), id.kind)) return NO_NAMESPACE;
  return id.namespace === '' ? 'default' : id.namespace;
}

export function sameId(a: ObjectId, b: ObjectId): boolean {
  return (
    a.group === b.group &&
    a.version === b.version &&
    a.kind === b.kind &&
    a.name === b.name &&
    effectiveNamespace(a) === effectiveNamespace(b)
  );
}

/** The object with its current id remembered. */
export function rememberId(object: SimObject): SimObject {
  const id = idOf(object.value);
  const { kind, name } = id;
  return {
    ...object,
    previous: [...object.previous, { kind, name, namespace: effectiveNamespace(id) }],
  };
}

/** A copy of a map with one field set; a `__proto__` stays an ordinary field. */
export function withField(map: JsonObject, field: string, value: Json): JsonObject {
  return { ...map, [field]: value };
}

/** A copy of a map without a field. */
export function withoutField(map: JsonObject, field: string): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== field));
}

/** Whether two values are the same, whatever the order of their fields. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length && a.every((item, index) => sameJson(item as Json, b[index] as Json))
    );
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
    );
  }
  return false;
}

/** How an id is written in messages, like an object. */
export function describeId({ kind, name, namespace }: ObjectId): string {
  return namespace === '' || namespace === NO_NAMESPACE
    ? `${kind} ${name}`
    : `${kind} ${namespace}/${name}`;
}
