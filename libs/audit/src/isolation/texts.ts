import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { fields } from '../objects/fields.ts';

/** One line of text in an object, and where it stands. */
export interface PlacedText {
  /** Such as `spec.template.spec.containers[0].args[2]` or `data[config.yaml] plank.pod_namespace`. */
  readonly path: string;
  /** The keys that lead to it, those inside a configuration file included; list indices are left out. */
  readonly keys: readonly string[];
  readonly text: string;
  /**
   * What names the value: its key, the name of an environment variable, or the flag that is the list item before it.
   */
  readonly label: string;
}

/** Told of every mapping on the way, so that what several fields say together can be read. */
export type OnMap = (map: Readonly<Record<string, unknown>>, path: string) => void;

export interface TextsOptions {
  /** Which values of ConfigMaps are read as YAML. Others are taken line by line. Default: all that look like it. */
  readonly parses?: (text: string) => boolean;
  readonly onMap?: OnMap;
}

/** What says nothing of what others have, API groups for one, or means something within the object itself alone. */
const SILENT_KEYS = new Set([
  'apiGroup',
  'apiGroups',
  'apiVersion',
  'group',
  'image',
  'labels',
  'labelSelector',
  'managedFields',
  'nodeAffinity',
  'nodeSelector',
  'openAPIV3Schema',
  'podSelector',
  'selector',
  'tolerations',
]);

/**
 * The texts of an object that may name something elsewhere: everything but its own identity and labels, images, the
 * schema of a CustomResourceDefinition, its status, and the values of a Secret. The values of a ConfigMap are read as
 * the files they are; comments in them name nothing.
 */
export function placedTexts(object: KubernetesObject, options: TextsOptions = {}): PlacedText[] {
  const { parses = () => true, onMap } = options;
  const texts: PlacedText[] = [];
  /** What is being visited: an alias of YAML may lead back into what holds it. */
  const open = new Set<unknown>();
  for (const [key, value] of Object.entries(object)) {
    if (['apiVersion', 'kind', 'metadata', 'status'].includes(key)) continue;
    if (object.kind === 'Secret' && (key === 'data' || key === 'stringData')) continue;
    if (object.kind === 'ConfigMap' && key === 'data') {
      for (const [file, text] of Object.entries(fields(value))) {
        if (typeof text === 'string') visitFile(text, `data[${file}]`, ['data', file]);
      }
      continue;
    }
    visit(value, key, [key], key);
  }
  visit(
    object.metadata.annotations,
    'metadata.annotations',
    ['metadata', 'annotations'],
    'annotations',
  );
  return texts;

  function visitFile(text: string, path: string, keys: readonly string[]): void {
    const documents = parses(text) ? parseMappings(text) : undefined;
    if (documents === undefined) addLines(text, path, keys, keys.at(-1) ?? '');
    for (const document of documents ?? []) visit(document, `${path} `, keys, '');
  }

  function visit(value: unknown, path: string, keys: readonly string[], label: string): void {
    if (typeof value === 'string') addLines(value, path, keys, label);
    if (typeof value !== 'object' || value === null || open.has(value)) return;
    open.add(value);
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      for (const [index, item] of list.entries()) {
        const before: unknown = list[index - 1];
        const isFlag = typeof before === 'string' && /^--?[\w-]+$/.test(before);
        visit(item, `${path}[${index}]`, keys, isFlag ? before : label);
      }
    } else {
      visitMap(value as Readonly<Record<string, unknown>>, path, keys);
    }
    open.delete(value);
  }

  function visitMap(
    map: Readonly<Record<string, unknown>>,
    path: string,
    keys: readonly string[],
  ): void {
    onMap?.(map, path);
    for (const [key, value] of Object.entries(map)) {
      if (SILENT_KEYS.has(key)) continue;
      const isVariable = key === 'value' && typeof map['name'] === 'string';
      const label = isVariable ? String(map['name']) : key;
      const below = join(path, key);
      // A key may be a name: of a repository, a namespace, a path in a bucket.
      texts.push({ path: below, keys, text: key, label: keys.at(-1) ?? '' });
      visit(value, below, [...keys, key], label);
    }
  }

  function addLines(text: string, path: string, keys: readonly string[], label: string): void {
    if (!text.includes('\n')) {
      texts.push({ path, keys, text, label });
      return;
    }
    for (const line of text.split('\n')) {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#')) continue;
      texts.push({ path, keys, text: trimmed, label });
    }
  }
}

// Undefined where the text is no YAML, or no mapping or list.
function parseMappings(text: string): unknown[] | undefined {
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false });
  if ('empty' in documents || documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    const values = documents.map((document): unknown => document.toJS({ maxAliasCount: 100 }));
    const isStructured = values.some((value) => typeof value === 'object' && value !== null);
    return isStructured ? values : undefined;
  } catch {
    // Aliases that expand to more than a configuration holds: it is looked at as text.
    return undefined;
  }
}

function join(path: string, key: string): string {
  if (!/^[\w/-]+$/.test(key)) return `${path}[${key}]`;
  return path.endsWith(' ') || path === '' ? `${path}${key}` : `${path}.${key}`;
}
