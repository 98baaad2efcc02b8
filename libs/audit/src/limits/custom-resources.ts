import type { KubernetesObject } from '../kubernetes-object.ts';

/** What the CustomResourceDefinitions of a render say of one kind. */
export interface CustomKind {
  /** `prowjobs.prow.k8s.io`, the definition's name. */
  readonly definition: string;
  /** Version → `openAPIV3Schema`; undefined where unknown fields are kept, or nothing is said. Served versions only. */
  readonly versions: ReadonlyMap<string, unknown>;
}

/** Custom kinds by `<group>/<kind>`. */
export type CustomKinds = ReadonlyMap<string, CustomKind>;

interface DefinitionSpec {
  readonly group?: string;
  readonly names?: { readonly kind?: string };
  readonly preserveUnknownFields?: boolean;
  readonly version?: string;
  readonly versions?: readonly {
    readonly name?: string;
    readonly served?: boolean;
    readonly schema?: { readonly openAPIV3Schema?: unknown };
  }[];
}

/** Reads the CustomResourceDefinitions among `objects`. */
export function customKinds(objects: readonly KubernetesObject[]): CustomKinds {
  const kinds = new Map<string, CustomKind>();
  for (const { apiVersion, kind, metadata, spec } of objects) {
    if (kind !== 'CustomResourceDefinition' || !spec) continue;
    const { group, names, preserveUnknownFields, version, versions = [] } = spec as DefinitionSpec;
    if (group === undefined || names?.kind === undefined) continue;
    // v1 prunes unknown fields unless told otherwise; v1beta1 keeps them by default, and has one schema for all versions.
    const prunes = apiVersion === 'apiextensions.k8s.io/v1' && preserveUnknownFields !== true;
    const served = new Map<string, unknown>();
    for (const { name, served: isServed, schema } of versions) {
      if (name !== undefined && isServed !== false) {
        served.set(name, prunes ? schema?.openAPIV3Schema : undefined);
      }
    }
    if (versions.length === 0 && version !== undefined) served.set(version, undefined);
    kinds.set(`${group}/${names.kind}`, { definition: metadata.name, versions: served });
  }
  return kinds;
}
