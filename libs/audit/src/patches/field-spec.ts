import { type Json, type JsonObject, isJsonObject } from '../load/tree.ts';
import { idOf, withField } from './sim-object.ts';

/** Where a transformer of kustomize writes: `a/b[]/c`, in objects of a group, version and kind if they are given. */
export interface FieldSpec {
  readonly path: string;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  /** Whether fields on the way are added where they are missing. */
  readonly create?: boolean;
}

/** Applies `set` to each field of an object that one of the specifications leads to. */
export function applyFieldSpecs(
  value: JsonObject,
  specs: readonly FieldSpec[],
  set: (field: Json | undefined) => Json | undefined,
): JsonObject {
  let result = value;
  const id = idOf(value);
  for (const { path, create = false, group = '', version = '', kind = '' } of specs) {
    if (group !== '' && group !== id.group) continue;
    if (version !== '' && version !== id.version) continue;
    if (kind !== '' && kind !== id.kind) continue;
    const changed = walk(result, steps(path), create, set);
    if (isJsonObject(changed)) result = changed;
  }
  return result;
}

// A slash within a step is escaped by a backslash.
function steps(path: string): string[] {
  return path.split(/(?<!\\)\//).map((step) => step.replaceAll('\\/', '/'));
}

// A list on the way is gone through item by item, whether the path says so or not.
function walk(
  value: Json | undefined,
  way: readonly string[],
  create: boolean,
  set: (field: Json | undefined) => Json | undefined,
): Json | undefined {
  const [step, ...rest] = way;
  if (step === undefined) return set(value);
  if (Array.isArray(value)) {
    return value.map((item: Json) => walk(item, way, create, set) ?? item);
  }
  if (!isJsonObject(value)) return value;
  const name = step.replace(/\[\]$/, '');
  let field: Json | undefined = Object.hasOwn(value, name) ? value[name] : undefined;
  if (field === undefined || field === null) {
    if (!create || name !== step) return value;
    field = rest.length === 0 ? undefined : {};
  }
  const changed = walk(field, rest, create, set);
  return changed === undefined || changed === value[name] ? value : withField(value, name, changed);
}
