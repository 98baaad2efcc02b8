import { existsSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { AuditError } from '../audit-error.ts';
import { standInEnv, standInValue } from './generator-inputs.ts';
import { MAX_FILES, MAX_LEVELS, MAX_TREE_BYTES, MAX_TREE_TOKENS } from './limits.ts';
import { countTokens, parseYaml } from './parse-yaml.ts';
import { isWithin, readWithin, resolveWithin, shownPath } from './read-within.ts';
import { isRemote } from './remote.ts';
import {
  type Json,
  type JsonObject,
  type Level,
  type Resource,
  type TextFile,
  type Tree,
  isJsonObject,
  listOf,
  textOf,
} from './tree.ts';

/** File names that kustomize takes for a kustomization. */
export const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Folders whose content is made from something else and is not in git: an absent file there is stood in for. */
export const GENERATED_FOLDERS = ['configs', 'secrets'];

/**
 * Reads a kustomization and everything that kustomize would read with it, and refuses what kustomize must not see:
 * remote references, paths and links out of `root`, content that is too large. Values of Secrets are not kept: a
 * stand-in takes the place of every input of a secretGenerator. Inputs that are absent below `configs/` or `secrets/`
 * are stood in for as well, because they are generated.
 *
 * @param directory real path, inside `root`
 * @param root real path
 * @throws {AuditError} `unreadable`, `outside`, `too-large`, or `unbuildable` for what kustomize refuses.
 */
export function loadTree(directory: string, root: string): Tree {
  const loader = new TreeLoader(root);
  const top = loader.level(directory, []);
  return {
    root,
    top,
    levels: [...loader.levels.values()].reverse(),
    files: loader.files,
    referenced: loader.referenced,
  };
}

class TreeLoader {
  readonly levels = new Map<string, Level>();
  readonly files = new Map<string, Buffer>();
  readonly referenced = new Set<string>();
  readonly #objects = new Map<string, readonly JsonObject[]>();
  readonly #root: string;
  #bytes = 0;
  #tokens = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Reads one kustomization; `above` are the folders that lead to it. */
  level(directory: string, above: readonly string[]): Level {
    const known = this.levels.get(directory);
    if (known) return known;
    const shown = shownPath(this.#root, directory);
    if (above.includes(directory)) {
      throw new AuditError('unreadable', `Cannot audit ${shown}: it references itself.`);
    }
    if (above.length >= MAX_LEVELS) {
      throw new AuditError(
        'too-large',
        `Cannot audit ${shown}: more than ${MAX_LEVELS} kustomizations stand on each other.`,
      );
    }
    const path = this.#kustomization(directory);
    const file = shownPath(this.#root, path);
    const source = parseYaml(this.#read(path, file).toString('utf8'), file, {
      scalars: 'configuration',
    });
    const content = source.documents[0] ?? {};
    if (!isJsonObject(content)) {
      throw new AuditError('unreadable', `Cannot audit ${file}: it is not a map of fields.`);
    }
    const reader = new LevelReader(this, directory, file, content, [...above, directory]);
    const level: Level = {
      directory,
      file,
      content,
      source,
      component: content['kind'] === 'Component',
      resources: reader.resources(),
      components: reader.components(),
      inputs: reader.inputs(),
      texts: reader.texts(),
    };
    this.levels.set(directory, level);
    return level;
  }

  /** A file that `directory`'s kustomization names as `reference`. */
  file(directory: string, reference: string, named: string): TextFile & { bytes: Buffer } {
    const path = this.locate(directory, reference, named);
    const file = shownPath(this.#root, path);
    const real = resolveWithin(this.#root, path, file);
    if (!isWithin(directory, real)) {
      throw new AuditError(
        'unbuildable',
        `Cannot audit ${named}: kustomize takes no file from outside the kustomization's folder, and ${reference} is one. Move the file, or make its folder a kustomization.`,
      );
    }
    const bytes = this.#read(path, file);
    return { file, bytes, text: bytes.toString('utf8') };
  }

  /** The path that a reference leads to; it may be absent. */
  locate(directory: string, reference: string, named: string): string {
    if (isRemote(reference)) {
      throw new AuditError(
        'outside',
        `Cannot audit ${named}: ${reference} is remote, and nothing is fetched. Vendor it and reference the copy.`,
      );
    }
    const path = join(directory, reference);
    if (reference.startsWith('/') || !isWithin(this.#root, path)) {
      throw new AuditError(
        'outside',
        `Cannot audit ${named}: ${reference} leads out of ${this.#root}. Move it inside, or name a root that holds it.`,
      );
    }
    return path;
  }

  /** The objects of a manifest file, lists unfolded. */
  objects(file: TextFile): readonly JsonObject[] {
    const known = this.#objects.get(file.file);
    if (known) return known;
    this.#tokens += countTokens(file.text);
    if (this.#tokens > MAX_TREE_TOKENS) {
      throw new AuditError(
        'too-large',
        `Cannot audit ${file.file}: with the files before it, it holds too many values. Audit parts of the kustomization.`,
      );
    }
    const objects = unfoldLists(
      parseYaml(file.text, file.file).documents.filter((value) => value !== null) as Json[],
      file.file,
    );
    this.#objects.set(file.file, objects);
    return objects;
  }

  /** Whether something is at a path that has been located. */
  isFolder(path: string): boolean {
    return existsSync(path) && statSync(path).isDirectory();
  }

  folder(path: string): string {
    return resolveWithin(this.#root, path);
  }

  /** Notes a file that kustomize will read with this content. */
  put(path: string, bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_TREE_BYTES || this.files.size >= MAX_FILES) {
      throw new AuditError(
        'too-large',
        `Cannot audit the kustomization: it reads more than ${MAX_FILES} files or ${MAX_TREE_BYTES} bytes.`,
      );
    }
    this.files.set(relative(this.#root, path), bytes);
    if (existsSync(path)) this.referenced.add(resolveWithin(this.#root, path));
  }

  #kustomization(directory: string): string {
    const found = KUSTOMIZATION_FILES.map((name) => join(directory, name)).filter((path) =>
      existsSync(path),
    );
    const shown = shownPath(this.#root, directory);
    const [path] = found;
    if (path === undefined) {
      throw new AuditError(
        'unreadable',
        `Cannot audit ${shown}: it has no ${KUSTOMIZATION_FILES[0] ?? ''}.`,
      );
    }
    if (found.length > 1) {
      throw new AuditError(
        'unbuildable',
        `Cannot audit ${shown}: it has ${found.map((name) => basename(name)).join(' and ')}, and kustomize takes one.`,
      );
    }
    return path;
  }

  #read(path: string, file: string): Buffer {
    const known = this.files.get(relative(this.#root, path));
    if (known) return known;
    const bytes = readWithin(this.#root, path, file);
    this.put(path, bytes);
    return bytes;
  }
}

class LevelReader {
  readonly #loader: TreeLoader;
  readonly #directory: string;
  readonly #file: string;
  readonly #content: JsonObject;
  readonly #above: readonly string[];

  constructor(
    loader: TreeLoader,
    directory: string,
    file: string,
    content: JsonObject,
    above: readonly string[],
  ) {
    this.#loader = loader;
    this.#directory = directory;
    this.#file = file;
    this.#content = content;
    this.#above = above;
  }

  resources(): Resource[] {
    return [...this.#references('resources'), ...this.#references('bases')].map((reference) =>
      this.#resource(reference),
    );
  }

  components(): Level[] {
    return this.#references('components').map((reference) => {
      const path = this.#loader.locate(this.#directory, reference, this.#named('components'));
      return this.#loader.level(this.#loader.folder(path), this.#above);
    });
  }

  /** Patches and replacements by path; also checks what only kustomize reads. */
  texts(): Map<string, TextFile> {
    const texts = new Map<string, TextFile>();
    const add = (field: string, reference: string): void => {
      if (reference === '' || texts.has(reference)) return;
      texts.set(reference, this.#loader.file(this.#directory, reference, this.#named(field)));
    };
    for (const field of ['patches', 'patchesJson6902', 'replacements']) {
      for (const entry of listOf(this.#content[field])) {
        if (isJsonObject(entry)) add(field, textOf(entry['path']));
      }
    }
    for (const entry of this.#references('patchesStrategicMerge')) {
      if (!isInline(entry)) add('patchesStrategicMerge', entry);
    }
    for (const field of ['crds', 'configurations']) {
      for (const reference of this.#references(field)) add(field, reference);
    }
    const openapi = this.#content['openapi'];
    if (isJsonObject(openapi)) add('openapi', textOf(openapi['path']));
    for (const field of ['generators', 'transformers', 'validators']) {
      for (const entry of this.#references(field)) this.#plugin(field, entry);
    }
    return texts;
  }

  /** The inputs of generators. Those of Secrets are read for their keys alone. */
  inputs(): Map<string, Buffer> {
    const inputs = new Map<string, Buffer>();
    for (const field of ['configMapGenerator', 'secretGenerator']) {
      const secret = field === 'secretGenerator';
      for (const generator of listOf(this.#content[field])) {
        if (!isJsonObject(generator)) continue;
        const files = listOf(generator['files']).map(textOf);
        for (const entry of files) {
          const reference = entry.slice(entry.indexOf('=') + 1);
          this.#input(inputs, field, reference, (bytes) => (secret ? standInValue() : bytes));
        }
        for (const reference of [...listOf(generator['envs']), generator['env']].map(textOf)) {
          if (reference === '') continue;
          this.#input(inputs, field, reference, (bytes) => (secret ? standInEnv(bytes) : bytes));
        }
      }
    }
    return inputs;
  }

  #input(
    inputs: Map<string, Buffer>,
    field: string,
    reference: string,
    keep: (bytes: Buffer) => Buffer,
  ): void {
    const path = this.#loader.locate(this.#directory, reference, this.#named(field));
    const generated = GENERATED_FOLDERS.includes(
      reference.replace(/^\.\//, '').split('/')[0] ?? '',
    );
    const bytes =
      generated && !existsSync(path)
        ? Buffer.alloc(0)
        : this.#loader.file(this.#directory, reference, this.#named(field)).bytes;
    const kept = keep(bytes);
    inputs.set(reference, kept);
    this.#loader.put(path, kept);
  }

  #resource(reference: string): Resource {
    const named = this.#named('resources');
    const path = this.#loader.locate(this.#directory, reference, named);
    if (this.#loader.isFolder(path)) {
      return { kind: 'level', level: this.#loader.level(this.#loader.folder(path), this.#above) };
    }
    const file = this.#loader.file(this.#directory, reference, named);
    return { kind: 'file', file: file.file, objects: this.#loader.objects(file) };
  }

  // A transformer's configuration can name files and folders too.
  #plugin(field: string, entry: string): void {
    if (isInline(entry)) {
      this.#pluginText(field, entry);
      return;
    }
    const path = this.#loader.locate(this.#directory, entry, this.#named(field));
    if (this.#loader.isFolder(path)) {
      this.#loader.level(this.#loader.folder(path), this.#above);
      return;
    }
    const { text } = this.#loader.file(this.#directory, entry, this.#named(field));
    this.#pluginText(field, text);
  }

  #pluginText(field: string, text: string): void {
    const visit = (value: unknown, key: string): void => {
      if (Array.isArray(value)) for (const item of value) visit(item, key);
      else if (isJsonObject(value))
        for (const [name, item] of Object.entries(value)) visit(item, name);
      else if (typeof value === 'string' && PLUGIN_FILE_FIELDS.has(key) && !isInline(value)) {
        const reference = key === 'files' ? value.slice(value.indexOf('=') + 1) : value;
        this.#loader.file(this.#directory, reference, this.#named(field));
      }
    };
    for (const document of parseYaml(text, this.#file).documents) {
      if (isJsonObject(document) && document['kind'] !== 'PrefixTransformer') {
        // Field specifications have paths too: those lead into objects.
        visit({ ...document, fieldSpecs: null }, '');
      }
    }
  }

  #references(field: string): string[] {
    return listOf(this.#content[field])
      .map(textOf)
      .filter((reference) => reference !== '');
  }

  #named(field: string): string {
    return `${this.#file} (${field})`;
  }
}

const PLUGIN_FILE_FIELDS = new Set(['path', 'paths', 'files', 'env', 'envs', 'resources']);

/** Whether an entry that may be a path or YAML is YAML. */
export function isInline(entry: string): boolean {
  return entry.includes('\n') || /^\s*\{/.test(entry) || /^\s*[\w$]+:\s/.test(entry);
}

// kustomize puts the items of any `...List` in its place, after all that stood beside it.
function unfoldLists(documents: readonly Json[], file: string): JsonObject[] {
  const queue = [...documents];
  const objects: JsonObject[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (!isJsonObject(next)) {
      throw new AuditError('unreadable', `Cannot audit ${file}: a document in it is no object.`);
    }
    if (textOf(next['kind']).endsWith('List') && 'items' in next)
      queue.push(...listOf(next['items']));
    else if (Object.keys(next).length > 0) objects.push(next);
  }
  return objects;
}
