import type { ApiData, FieldType, ServedKind } from './api-data.ts';

/** One document of `/openapi/v3`: that of a group and version. Only what is read of it. */
export interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, { readonly post?: Operation }>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly 'x-kubernetes-group-version-kind'?: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
}

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
}

type Schemas = Readonly<Record<string, Schema>>;

/** Where objects of a kind are created: `/api/v1/nodes`, `/apis/apps/v1/namespaces/{namespace}/deployments`. */
const COLLECTION = /^\/(?:api|apis\/[^/]+)\/[^/]+\/(namespaces\/\{namespace\}\/)?[^/{}]+$/;

/**
 * Reduces the OpenAPI documents of an API server to the kinds it serves and the names of their fields: 12 MB become less
 * than 200 kB. The same documents give the same result, whatever their order.
 */
export function compactOpenApi(version: string, documents: readonly OpenApiDocument[]): ApiData {
  const schemas: Schemas = Object.assign(
    {},
    ...documents.map((document) => document.components?.schemas),
  ) as Schemas;
  const kinds: Record<string, Record<string, ServedKind>> = {};
  const types: Record<string, Record<string, FieldType>> = {};
  for (const document of documents) {
    for (const [path, { post }] of Object.entries(document.paths ?? {})) {
      const collection = COLLECTION.exec(path);
      const gvk = post?.['x-kubernetes-group-version-kind'];
      const body = Object.values(post?.requestBody?.content ?? {})[0]?.schema;
      if (!collection || !gvk || !body) continue;
      const type = fieldType(body, schemas);
      const apiVersion = gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
      (kinds[apiVersion] ??= {})[gvk.kind] = {
        scope: collection[1] === undefined ? 'Cluster' : 'Namespaced',
        type,
      };
      addType(type, schemas, types);
    }
  }
  return {
    version,
    kinds: sorted(
      Object.entries(kinds).map(([key, value]) => [key, sorted(Object.entries(value))]),
    ),
    types: sorted(Object.entries(types)),
  };
}

// Adds the type that a field type leads to, and all types below it.
function addType(
  type: FieldType,
  schemas: Schemas,
  types: Record<string, Record<string, FieldType>>,
): void {
  const name = type.replace(/^(?:\[\]|\{\})+/, '');
  if (name === '' || types[name] !== undefined) return;
  const fields = Object.entries(schemas[name]?.properties ?? {}).map(
    ([field, schema]): [string, FieldType] => [field, fieldType(schema, schemas)],
  );
  types[name] = sorted(fields);
  for (const [, below] of fields) addType(below, schemas, types);
}

// Empty for scalars, and for what takes anything, such as a JSON value or the fields of managedFields.
function fieldType(schema: Schema, schemas: Schemas): FieldType {
  const name = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.replace('#/components/schemas/', '');
  if (name !== undefined) return schemas[name]?.properties === undefined ? '' : name;
  if (schema.items) return wrapped('[]', fieldType(schema.items, schemas));
  if (typeof schema.additionalProperties === 'object') {
    return wrapped('{}', fieldType(schema.additionalProperties, schemas));
  }
  return '';
}

function wrapped(prefix: '[]' | '{}', type: FieldType): FieldType {
  return type === '' ? '' : `${prefix}${type}`;
}

function sorted<T>(entries: readonly [string, T][]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
