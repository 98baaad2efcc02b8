import { type Json, type JsonObject, isJsonObject, textOf } from '../load/tree.ts';
import { applyFieldSpecs } from './field-spec.ts';
import { NAME_REFERENCES, type NameReference } from './name-reference-table.ts';
import {
  type ObjectId,
  type SimObject,
  apiVersionOf,
  effectiveNamespace,
  idOf,
  originalId,
  withField,
} from './sim-object.ts';
import { isClusterScoped } from './merge-schema.ts';

/** What a name ends with that kustomize gives a hash of its content. */
export const HASH = '-HASH';

/** An object's name at the end. */
export function finalName(object: SimObject): string {
  return `${idOf(object.value).name}${object.hashed ? HASH : ''}`;
}

/**
 * The value of an object after kustomize's last step: references in it say the names, and in bindings the namespaces,
 * that other objects have come to.
 *
 * @param objects all of them, the object included
 */
export function followNames(object: SimObject, objects: readonly SimObject[]): JsonObject {
  const original = originalId(object);
  const candidates = referable(object, objects);
  let { value } = object;
  for (const reference of NAME_REFERENCES) {
    for (const spec of reference.from) {
      if (!selects(original, spec)) continue;
      const path = spec.path;
      const set = (node: Json | undefined): Json | undefined =>
        setNode(node, { ...object, value }, reference, path, candidates);
      value = applyFieldSpecs(value, [{ path }], set);
    }
  }
  return value;
}

function setNode(
  node: Json | undefined,
  referrer: SimObject,
  reference: NameReference,
  path: string,
  candidates: readonly SimObject[],
): Json | undefined {
  if (Array.isArray(node)) {
    return node.map((item: Json) => setNode(item, referrer, reference, path, candidates) ?? item);
  }
  if (isJsonObject(node)) {
    const name = textOf(node['name']);
    const referral = choose(name, referrer, reference, path, inNamespace(node, candidates), true);
    if (!referral) return node;
    const { namespace } = idOf(referral.value);
    const named = withField(node, 'name', finalName(referral));
    return namespace === '' ? named : withField(named, 'namespace', namespace);
  }
  if (typeof node !== 'string') return node;
  const referral = choose(node, referrer, reference, path, candidates, false);
  return referral ? finalName(referral) : node;
}

// A binding's subject says the namespace that it had, or that it has.
function inNamespace(node: JsonObject, candidates: readonly SimObject[]): readonly SimObject[] {
  const { namespace } = node;
  if (namespace === undefined || namespace === null) return candidates;
  const before = candidates.filter(
    (object) => effectiveNamespace(originalId(object)) === namespace,
  );
  if (before.length > 0) return before;
  return candidates.filter((object) => effectiveNamespace(idOf(object.value)) === namespace);
}

function choose(
  name: string,
  referrer: SimObject,
  { to }: NameReference,
  path: string,
  candidates: readonly SimObject[],
  withNamespace: boolean,
): SimObject | undefined {
  const own = idOf(referrer.value);
  const cluster = isCluster(own);
  const role = path.endsWith('roleRef/name') ? referrer.value['roleRef'] : undefined;
  const found = candidates.filter((object) => {
    const now = idOf(object.value);
    const ids = previousIds(object);
    return (
      ids.some((id) => id.name === name) &&
      ids.some((id) => selects(id, to)) &&
      (!isJsonObject(role) ||
        ids.some((id) => id.group === role['apiGroup'] && id.kind === role['kind'])) &&
      (cluster ||
        isCluster(now) ||
        now.kind === 'ServiceAccount' ||
        effectiveNamespace(now) === effectiveNamespace(own))
    );
  });
  if (found.length <= 1) return found[0];
  let alike = found.filter((object) => sameContext(object, referrer, true));
  if (alike.length > 1) alike = alike.filter((object) => sameContext(object, referrer, false));
  const [first] = alike;
  if (!first) return undefined;
  const same = alike.every(
    (object) =>
      finalName(object) === finalName(first) &&
      (!withNamespace || idOf(object.value).namespace === idOf(first.value).namespace),
  );
  // More than one: kustomize fails.
  return same ? first : undefined;
}

// A hash is a change of name too.
function previousIds(object: SimObject): ObjectId[] {
  const now = idOf(object.value);
  const before = object.previous.map((id) => ({ ...now, ...id }));
  return object.hashed ? [...before, now] : before;
}

function selects(
  id: Pick<ObjectId, 'group' | 'version' | 'kind'>,
  wanted: { readonly group?: string; readonly version?: string; readonly kind?: string },
): boolean {
  const { group = '', version = '', kind = '' } = wanted;
  return (
    (group === '' || group === id.group) &&
    (version === '' || version === id.version) &&
    (kind === '' || kind === id.kind)
  );
}

function isCluster(id: ObjectId): boolean {
  return isClusterScoped(apiVersionOf(id), id.kind);
}

// The objects that a reference can lead to: of the same namespace, cluster-scoped, or of a subject's namespace.
function referable(referrer: SimObject, objects: readonly SimObject[]): readonly SimObject[] {
  const own = idOf(referrer.value);
  if (isCluster(own)) return objects;
  const subjects = referrer.value['subjects'];
  const others = new Set(
    own.kind === 'RoleBinding' && Array.isArray(subjects)
      ? subjects.flatMap((subject: Json) =>
          isJsonObject(subject) && subject['kind'] === 'ServiceAccount'
            ? [textOf(subject['namespace'])]
            : [],
        )
      : [],
  );
  others.delete('');
  return objects.filter((object) => {
    const id = idOf(object.value);
    return (
      isCluster(id) ||
      effectiveNamespace(id) === effectiveNamespace(own) ||
      others.has(id.namespace)
    );
  });
}

function sameContext(a: SimObject, b: SimObject, allowEmpty: boolean): boolean {
  const same = (x: readonly string[], y: readonly string[]): boolean => {
    if (allowEmpty && (x.length === 0 || y.length === 0)) return true;
    const length = Math.min(x.length, y.length);
    if (length === 0) return x.length === y.length;
    return x.slice(-length).join() === y.slice(-length).join();
  };
  return same(a.prefixes, b.prefixes) && same(a.suffixes, b.suffixes);
}
