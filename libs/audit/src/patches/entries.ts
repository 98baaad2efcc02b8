import { AuditError } from '../audit-error.ts';
import { isInline } from '../load/load-tree.ts';
import { type YamlText, parseYaml } from '../load/parse-yaml.ts';
import {
  type Json,
  type JsonObject,
  type Level,
  type TextFile,
  isJsonObject,
  listOf,
  textOf,
} from '../load/tree.ts';
import { type Generated, generate } from './generators.ts';
import { type JsonOperation, jsonOperation } from './json-patch.ts';
import { type ReplacementTarget, readTarget } from './replacement.ts';
import { type Selector, readSelector, selectorOf } from './selector.ts';

/** Fields of a kustomization that change objects, in the order in which kustomize applies them. */
export const ENTRY_FIELDS = [
  'configMapGenerator',
  'secretGenerator',
  'patchesStrategicMerge',
  'patches',
  'patchesJson6902',
  'replicas',
  'images',
  'replacements',
] as const;
export type EntryField = (typeof ENTRY_FIELDS)[number];

/** One entry of such a field. */
export interface Entry {
  readonly level: Level;
  readonly field: EntryField;
  readonly index: number;
  /** As people write it: `patches[3]`. */
  readonly name: string;
  /** Line of the entry in the kustomization file. */
  readonly line: number;
  /** The patch file, relative to the root, where the entry names one. */
  readonly patchFile?: string;
  /** What the entry is for, where it says so. */
  readonly target?: Selector;
  readonly operations: readonly Operation[];
}

/** The smallest part of an entry that can match and change something of its own. */
export type Operation = OperationPlace &
  (
    | { readonly kind: 'merge'; readonly patch: JsonObject; readonly allow: Allowed }
    | { readonly kind: 'json'; readonly json: JsonOperation }
    | { readonly kind: 'generate'; readonly generated: Generated }
    | { readonly kind: 'replicas'; readonly replicas: JsonObject }
    | { readonly kind: 'image'; readonly image: JsonObject }
    | {
        readonly kind: 'replace';
        readonly replacement: JsonObject;
        readonly target: ReplacementTarget;
      }
  );

interface OperationPlace {
  /** Unique in the tree. */
  readonly id: string;
  /** File and line where it is written. */
  readonly file: string;
  readonly line: number;
  /** The selector that it goes by. */
  readonly selector: Selector;
}

interface Allowed {
  readonly name: boolean;
  readonly kind: boolean;
}

/** Everything in a kustomization that changes objects. */
export function entriesOf(level: Level): Entry[] {
  return [
    ...generators(level),
    ...items(level, 'patchesStrategicMerge').map((item) => strategicMergeEntry(level, item)),
    ...items(level, 'patches').map((item) => patchEntry(level, item)),
    ...items(level, 'patchesJson6902').map((item) => patchEntry(level, item)),
    ...items(level, 'replicas').map((item) => simpleEntry(level, item, 'replicas')),
    ...items(level, 'images').map((item) => simpleEntry(level, item, 'image')),
    ...items(level, 'replacements').map((item) => replacementEntry(level, item)),
  ];
}

interface Item {
  readonly field: EntryField;
  readonly index: number;
  readonly value: Json;
}

function items(level: Level, field: EntryField): Item[] {
  const values = listOf(level.content[field]);
  // imageTags is the old name of images, whose entries come first.
  const old = field === 'images' ? listOf(level.content['imageTags']) : [];
  return [...values, ...old].map((value, index) => ({ field, index, value }));
}

function base(level: Level, { field, index }: Item) {
  const name = `${field}[${index}]`;
  return { level, field, index, name, line: level.source.line([field, index]) };
}

function idOfEntry(level: Level, { field, index }: Item): string {
  return `${level.file}#${field}[${index}]`;
}

function patchEntry(level: Level, item: Item): Entry {
  const entry = base(level, item);
  const value: JsonObject = isJsonObject(item.value) ? item.value : {};
  const target = value['target'] === undefined ? undefined : readSelector(value['target']);
  const path = textOf(value['path']);
  const inline = textOf(value['patch']);
  const text = patchText(level, [item.field, item.index, 'patch'], path, inline, entry.name);
  const options: JsonObject = isJsonObject(value['options']) ? value['options'] : {};
  const allow = {
    name: options['allowNameChange'] === true,
    kind: options['allowKindChange'] === true,
  };
  return {
    ...entry,
    ...(path === '' ? {} : { patchFile: text.file }),
    ...(target ? { target } : {}),
    operations: operations(idOfEntry(level, item), text, target, allow, entry.name),
  };
}

function strategicMergeEntry(level: Level, item: Item): Entry {
  const entry = base(level, item);
  const written = textOf(item.value);
  const inline = isInline(written);
  const text = patchText(
    level,
    [item.field, item.index],
    inline ? '' : written,
    inline ? written : '',
    entry.name,
  );
  const allow = { name: false, kind: false };
  return {
    ...entry,
    ...(inline ? {} : { patchFile: text.file }),
    operations: operations(idOfEntry(level, item), text, undefined, allow, entry.name),
  };
}

// One file is often the patch of many entries.
const texts = new WeakMap<TextFile, YamlText>();
function parseText(file: TextFile): YamlText {
  let yaml = texts.get(file);
  if (!yaml) {
    yaml = parseYaml(file.text, file.file);
    texts.set(file, yaml);
  }
  return yaml;
}

interface PatchText {
  readonly file: string;
  readonly yaml: YamlText;
}

function patchText(
  level: Level,
  at: readonly (string | number)[],
  path: string,
  inline: string,
  name: string,
): PatchText {
  const file = level.texts.get(path);
  if (file) return { file: file.file, yaml: parseText(file) };
  // A block scalar's text begins on the line after its key.
  const firstLine = level.source.line(at) + (inline.includes('\n') ? 1 : 0);
  return {
    file: level.file,
    yaml: parseYaml(inline, `${level.file} (${name})`, { firstLine }),
  };
}

function operations(
  id: string,
  { file, yaml }: PatchText,
  target: Selector | undefined,
  allow: Allowed,
  name: string,
): Operation[] {
  const [first] = yaml.documents.filter((document) => document !== null);
  if (Array.isArray(first)) {
    const at = yaml.documents.indexOf(first);
    return first.map((value: Json, index): Operation => {
      const json = jsonOperation(value);
      if (!json) {
        throw new AuditError(
          'unbuildable',
          `Cannot audit ${file}: item ${index} of ${name} is no operation.`,
        );
      }
      return {
        kind: 'json',
        id: `${id}[${index}]`,
        json,
        selector: target ?? readSelector(undefined),
        file,
        line: yaml.line([index], at),
      };
    });
  }
  return yaml.documents.flatMap((document, index): Operation[] => {
    if (!isJsonObject(document)) return [];
    return [
      {
        kind: 'merge',
        id: `${id}[${index}]`,
        patch: document,
        allow,
        selector: target ?? selectorOf(document),
        file,
        line: yaml.line([], index),
      },
    ];
  });
}

function simpleEntry(level: Level, item: Item, kind: 'replicas' | 'image'): Entry {
  const entry = base(level, item);
  const value: JsonObject = isJsonObject(item.value) ? item.value : {};
  const place = {
    id: idOfEntry(level, item),
    file: level.file,
    line: entry.line,
    selector: readSelector({ name: value['name'] ?? '' }),
  };
  const operation: Operation =
    kind === 'image' ? { ...place, kind, image: value } : { ...place, kind, replicas: value };
  return { ...entry, operations: [operation] };
}

// A replacement by path may be one or a list of them.
function replacementEntry(level: Level, item: Item): Entry {
  const entry = base(level, item);
  const value: JsonObject = isJsonObject(item.value) ? item.value : {};
  const file = level.texts.get(textOf(value['path']));
  const yaml = file ? parseText(file) : level.source;
  const written = file ? (yaml.documents[0] ?? null) : value;
  const list = Array.isArray(written) ? (written as Json[]) : [written as Json];
  const found = list.flatMap((replacement, at): Operation[] => {
    if (!isJsonObject(replacement)) return [];
    const way = file ? (Array.isArray(written) ? [at] : []) : [item.field, item.index];
    return listOf(replacement['targets']).map((each, index): Operation => {
      const target = readTarget(each);
      return {
        kind: 'replace',
        id: `${idOfEntry(level, item)}[${at}].targets[${index}]`,
        replacement,
        target,
        selector: target.select,
        file: file?.file ?? level.file,
        line: yaml.line([...way, 'targets', index]),
      };
    });
  });
  return { ...entry, ...(file ? { patchFile: file.file } : {}), operations: found };
}

function generators(level: Level): Entry[] {
  return generate(level)
    .filter(({ behavior }) => behavior !== 'create')
    .map((generated): Entry => {
      const item: Item = { field: generated.field, index: generated.index, value: null };
      const entry = base(level, item);
      const operation: Operation = {
        kind: 'generate',
        id: idOfEntry(level, item),
        generated,
        selector: selectorOf(generated.value),
        file: level.file,
        line: entry.line,
      };
      return { ...entry, operations: [operation] };
    });
}
