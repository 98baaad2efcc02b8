import type { ApiData, FieldType } from './api-data.ts';
import { nearest } from './nearest.ts';

/** A field that the schema does not have. */
export interface UnknownField {
  /** Such as `spec.rules[0].http.paths[0].backend.serviceName`. */
  readonly path: string;
  /** The field that was likely meant. */
  readonly near?: string;
}

/** A schema of a CustomResourceDefinition, as far as it decides which fields are kept. */
interface StructuralSchema {
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly items?: StructuralSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The fields of `value` that `type`, a type of Kubernetes itself, does not have. Values of another shape are let be. */
export function unknownFields(value: unknown, type: FieldType, data: ApiData): UnknownField[] {
  const found: UnknownField[] = [];
  visit(value, type, '');
  return found;

  function visit(current: unknown, below: FieldType, path: string): void {
    if (below === '') return;
    if (below.startsWith('[]')) {
      if (!Array.isArray(current)) return;
      for (const [index, item] of current.entries())
        visit(item, below.slice(2), `${path}[${index}]`);
      return;
    }
    if (!isMap(current)) return;
    if (below.startsWith('{}')) {
      for (const [key, item] of Object.entries(current))
        visit(item, below.slice(2), join(path, key));
      return;
    }
    const fields = data.types[below];
    if (fields === undefined) return;
    for (const [key, item] of Object.entries(current)) {
      if (Object.hasOwn(fields, key)) visit(item, fields[key] ?? '', join(path, key));
      else found.push(unknownField(join(path, key), key, Object.keys(fields), current));
    }
  }
}

/**
 * The fields of a custom resource that its definition would drop, or refuse in a server-side apply: those that a
 * structural schema neither names nor keeps. `schema` is what `openAPIV3Schema` holds.
 */
export function unknownCustomFields(
  value: unknown,
  schema: unknown,
  data: ApiData,
): UnknownField[] {
  if (!isMap(schema) || !isMap(value)) return [];
  const found: UnknownField[] = [];
  visitResource(value, schema, '');
  return found;

  // Of a whole object, Kubernetes itself knows the three fields that every object has.
  function visitResource(current: object, node: StructuralSchema, path: string): void {
    const own = Object.entries(current).filter(
      ([key]) => key !== 'apiVersion' && key !== 'kind' && key !== 'metadata',
    );
    const metadata: unknown = 'metadata' in current ? current.metadata : undefined;
    for (const field of unknownFields(metadata, OBJECT_META, data)) {
      found.push({ ...field, path: `${join(path, 'metadata')}.${field.path}` });
    }
    visitFields(Object.fromEntries(own), node, path);
  }

  function visit(current: unknown, node: unknown, path: string): void {
    if (!isMap(node)) return;
    const schemaNode: StructuralSchema = node;
    if (Array.isArray(current)) {
      for (const [index, item] of current.entries())
        visit(item, schemaNode.items, `${path}[${index}]`);
    } else if (isMap(current)) {
      if (schemaNode['x-kubernetes-embedded-resource'] === true) {
        visitResource(current, schemaNode, path);
      } else visitFields(current, schemaNode, path);
    }
  }

  function visitFields(current: object, node: StructuralSchema, path: string): void {
    const { properties = {}, additionalProperties } = node;
    const keepsAll =
      node['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true;
    for (const [key, item] of Object.entries(current)) {
      if (Object.hasOwn(properties, key)) visit(item, properties[key], join(path, key));
      else if (typeof additionalProperties === 'object') {
        visit(item, additionalProperties, join(path, key));
      } else if (!keepsAll) {
        found.push(unknownField(join(path, key), key, Object.keys(properties), current));
      }
    }
  }
}

function unknownField(
  path: string,
  name: string,
  known: readonly string[],
  present: object,
): UnknownField {
  // A field that is there as well was not meant.
  const near = nearest(
    name,
    known.filter((field) => !Object.hasOwn(present, field)),
  );
  return near === undefined ? { path } : { path, near };
}

function join(path: string, key: string): string {
  const step = /^[\w-]+$/.test(key) ? key : `[${key}]`;
  if (path === '') return step;
  return step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
