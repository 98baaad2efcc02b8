import { KIND_TABLE, TYPE_TABLE } from './merge-schema-table.ts';

/** What kustomize knows of a value's type when it merges a patch into it. */
export interface ValueSchema {
  /** Fields of an object of a known type; absent for others. */
  readonly fields?: ReadonlySet<string>;
  /** For a list that a patch merges: the fields that tell its items apart, none for a list of plain values. */
  readonly mergeKeys?: readonly string[];
  /** The type of a field, if it is known. */
  field(name: string): ValueSchema | undefined;
  /** The type of an item, if it is known. */
  items(): ValueSchema | undefined;
}

interface Kind {
  readonly namespaced: boolean;
  readonly type?: string;
}

/** The type of an object, if it is one of Kubernetes' own. */
export function schemaOf(apiVersion: string, kind: string): ValueSchema | undefined {
  const type = kinds().get(`${apiVersion} ${kind}`)?.type;
  return type === undefined ? undefined : typeSchema(type);
}

/** Whether kustomize is certain that objects of this kind have no namespace. */
export function isClusterScoped(apiVersion: string, kind: string): boolean {
  return kinds().get(`${apiVersion} ${kind}`)?.namespaced === false;
}

/** Every kind that is known, as `[apiVersion, kind]`. */
export function knownKinds(): [apiVersion: string, kind: string][] {
  return [...kinds().keys()].map((key) => key.split(' ') as [string, string]);
}

let kindsRead: Map<string, Kind> | undefined;
function kinds(): Map<string, Kind> {
  kindsRead ??= new Map(
    KIND_TABLE.trim()
      .split('\n')
      .map((line) => {
        const [apiVersion = '', kind = '', scope = '', type] = line.split(' ');
        const namespaced = scope === 'namespaced';
        return [
          `${apiVersion} ${kind}`,
          type === undefined ? { namespaced } : { namespaced, type },
        ];
      }),
  );
  return kindsRead;
}

let typesRead: Map<string, Map<string, string>> | undefined;
function types(): Map<string, Map<string, string>> {
  typesRead ??= new Map(
    TYPE_TABLE.trim()
      .split('\n')
      .map((line) => {
        const [name = '', fields = ''] = line.split(': ');
        const pairs = fields.split(' ').map((field): [string, string] => {
          const at = field.indexOf('=');
          return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
        });
        return [name, new Map(pairs)];
      }),
  );
  return typesRead;
}

const NOTHING: ValueSchema = { field: () => undefined, items: () => undefined };
const schemas = new Map<string, ValueSchema>();

function typeSchema(name: string): ValueSchema {
  const known = schemas.get(name);
  if (known) return known;
  const fields = types().get(name);
  const schema: ValueSchema = fields
    ? {
        fields: new Set(fields.keys()),
        field: (field) => {
          const text = fields.get(field);
          return text === undefined ? undefined : parse(text);
        },
        items: () => undefined,
      }
    : NOTHING;
  schemas.set(name, schema);
  return schema;
}

function parse(text: string): ValueSchema {
  if (text === '') return NOTHING;
  const rest = text.slice(1);
  if (text.startsWith('-')) return { ...NOTHING, items: () => parse(rest) };
  if (text.startsWith('%')) return { ...NOTHING, field: () => parse(rest) };
  if (text.startsWith('+')) {
    const at = rest.indexOf(':');
    const keys = rest.slice(0, at);
    return {
      ...NOTHING,
      mergeKeys: keys === '' ? [] : keys.split('|'),
      items: () => parse(rest.slice(at + 1)),
    };
  }
  return typeSchema(text);
}
