import type { YamlText } from './parse-yaml.ts';

/** A value as JSON knows it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One kustomization and what it references, read and checked. */
export interface Level {
  /** Real path of its folder. */
  readonly directory: string;
  /** Path of its kustomization file, relative to the root. */
  readonly file: string;
  /** What the file says. */
  readonly content: JsonObject;
  /** Where it says it. */
  readonly source: YamlText;
  /** Whether it is a Component, which changes the objects of the kustomization that lists it. */
  readonly component: boolean;
  /** What `resources` and `bases` lead to, in kustomize's order. */
  readonly resources: readonly Resource[];
  /** What `components` lead to. */
  readonly components: readonly Level[];
  /** Texts of patches, replacements and their like, by the reference that names them. */
  readonly texts: ReadonlyMap<string, TextFile>;
  /** Contents of generator inputs, by path relative to the folder; those of Secrets are stand-ins. */
  readonly inputs: ReadonlyMap<string, Buffer>;
}

/** A manifest file with its objects, or another kustomization. */
export type Resource =
  | { readonly kind: 'file'; readonly file: string; readonly objects: readonly JsonObject[] }
  | { readonly kind: 'level'; readonly level: Level };

/** A text that a kustomization references. */
export interface TextFile {
  /** Path relative to the root. */
  readonly file: string;
  readonly text: string;
}

/** All that a kustomization stands on, as far as kustomize would read it. */
export interface Tree {
  /** Real path of the folder that nothing leads out of. */
  readonly root: string;
  readonly top: Level;
  /** Every kustomization once, the top first. */
  readonly levels: readonly Level[];
  /** Everything that kustomize reads: path relative to the root → content. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Real paths of all that is referenced. */
  readonly referenced: ReadonlySet<string>;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The items of a list, none where there is no list. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** A value as it stands in a text: `null`, `true`, `1`, the string itself; maps and lists as JSON. */
export function scalarText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text, empty where there is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
