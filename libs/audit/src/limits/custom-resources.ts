import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields, items, text } from '../objects/fields.ts';

/** What the CustomResourceDefinitions of a render say of one kind. */
export interface CustomKind {
  /** `prowjobs.prow.k8s.io`, the definition's name. */
  readonly definition: string;
  /** Version → `openAPIV3Schema`; undefined where unknown fields are kept, or nothing is said. Served versions only. */
  readonly versions: ReadonlyMap<string, unknown>;
}

/** Custom kinds by `<group>/<kind>`. */
export type CustomKinds = ReadonlyMap<string, CustomKind>;

/** Reads the CustomResourceDefinitions among `objects`. */
export function customKinds(objects: readonly KubernetesObject[]): CustomKinds {
  const kinds = new Map<string, CustomKind>();
  for (const { apiVersion, kind, metadata, spec: value } of objects) {
    if (kind !== 'CustomResourceDefinition') continue;
    const spec = fields(value);
    const group = text(spec['group']);
    const customKind = text(fields(spec['names'])['kind']);
    if (group === undefined || customKind === undefined) continue;
    // v1 prunes unknown fields unless told otherwise; v1beta1 keeps them by default, and has one schema for all versions.
    const prunes =
      apiVersion === 'apiextensions.k8s.io/v1' && spec['preserveUnknownFields'] !== true;
    const versions = new Map<string, unknown>();
    for (const { name, served, schema } of items(spec['versions'])) {
      if (typeof name !== 'string' || served === false) continue;
      versions.set(name, prunes ? fields(schema)['openAPIV3Schema'] : undefined);
    }
    const only = text(spec['version']);
    if (spec['versions'] === undefined && only !== undefined) versions.set(only, undefined);
    kinds.set(`${group}/${customKind}`, { definition: metadata.name, versions });
  }
  return kinds;
}
