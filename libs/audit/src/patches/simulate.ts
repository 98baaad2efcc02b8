import {
  type Json,
  type JsonObject,
  type Level,
  isJsonObject,
  scalarText,
  textOf,
} from '../load/tree.ts';
import { type Entry, type Operation, entriesOf } from './entries.ts';
import { type Generated, generate } from './generators.ts';
import { setImage } from './images.ts';
import { PatchFailure, applyOperation } from './json-patch.ts';
import { replaceIn, replacementValue, targetsOf } from './replacement.ts';
import { select } from './selector.ts';
import {
  type SimObject,
  allIds,
  idOf,
  metadataOf,
  newObject,
  rememberId,
  sameId,
  sameJson,
  withField,
  withoutField,
} from './sim-object.ts';
import { strategicMerge } from './strategic-merge.ts';
import { transform } from './transformers.ts';

/** What an operation did to one object that it matched. */
export interface Effect {
  readonly entry: Entry;
  readonly operation: Operation;
  readonly before: SimObject;
  /** Undefined where the operation deletes the object. */
  readonly after: SimObject | undefined;
}

/** Where kustomize would fail. */
export interface Failure {
  readonly entry: Entry;
  readonly operation: Operation;
  /** The object that it fails on, if it is one. */
  readonly object?: SimObject;
  readonly reason: string;
}

export interface SimulateOptions {
  /** Id of an operation, or of an entry with all its operations, that is left out. */
  readonly without?: string;
  /** Plain keys of the only objects to follow. Default: all. */
  readonly only?: ReadonlySet<string>;
  /** Told of each operation that matches, and of each that matches nothing, with the objects that it looked among. */
  readonly onOperation?: (
    entry: Entry,
    operation: Operation,
    effects: readonly Effect[],
    among: readonly SimObject[],
  ) => void;
  /** Told of each object that a replacement reads from. */
  readonly onSource?: (object: SimObject) => void;
  /** The objects that a kustomization's `generators` give. Default: none. */
  readonly plugins?: (level: Level) => readonly SimObject[];
  /** The objects of a kustomization that cannot be followed, as kustomize has them; else undefined. */
  readonly known?: (level: Level, followed: readonly SimObject[]) => readonly SimObject[];
}

/** The objects that a kustomization comes to, or where it fails. */
export type Outcome = { readonly objects: readonly SimObject[] } | { readonly failure: Failure };

/**
 * Follows kustomize through a kustomization and all below it: the same objects, in the same order, changed by the same
 * operations. What kustomize does at the very end, following names in references, is left out: no patch sees it.
 */
export function simulate(level: Level, options: SimulateOptions = {}): Outcome {
  try {
    return { objects: new Simulation(options).accumulate(level, []) };
  } catch (error) {
    if (error instanceof Stopped) return { failure: error.failure };
    throw error;
  }
}

class Stopped extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.reason);
    this.failure = failure;
  }
}

const entriesRead = new WeakMap<Level, readonly Entry[]>();

/** The entries of a level, read once. */
export function levelEntries(level: Level): readonly Entry[] {
  let entries = entriesRead.get(level);
  if (!entries) {
    entries = entriesOf(level);
    entriesRead.set(level, entries);
  }
  return entries;
}

class Simulation {
  readonly #options: SimulateOptions;

  constructor(options: SimulateOptions) {
    this.#options = options;
  }

  /** `given` are the objects that a Component works on; a kustomization begins with none. */
  accumulate(level: Level, given: readonly SimObject[]): readonly SimObject[] {
    let objects: readonly SimObject[] = [...given, ...this.#resources(level)];
    objects = this.#generate(level, objects);
    const { only, plugins } = this.#options;
    const made = plugins?.(level) ?? [];
    objects = [...objects, ...made.filter(({ key }) => !only || only.has(key))];
    for (const component of level.components) objects = this.accumulate(component, objects);
    for (const entry of levelEntries(level)) {
      if (entry.field === 'patchesStrategicMerge' || entry.field === 'patches') {
        objects = this.#apply(entry, objects);
      }
    }
    objects = transform(objects, level.content);
    for (const entry of levelEntries(level)) {
      if (LATER.has(entry.field)) objects = this.#apply(entry, objects);
    }
    return this.#options.known?.(level, objects) ?? objects;
  }

  #resources(level: Level): SimObject[] {
    return level.resources.flatMap((resource, position): SimObject[] => {
      if (resource.kind === 'level') {
        return this.accumulate(resource.level, []).map((object) => ({
          ...object,
          key: `${position}/${object.key}`,
        }));
      }
      return resource.objects.flatMap((value, index) =>
        this.#begin(`${level.file}:${position}.${index}`, value),
      );
    });
  }

  #begin(key: string, value: JsonObject, hashed = false): SimObject[] {
    const { only } = this.#options;
    return only && !only.has(key) ? [] : [newObject(key, value, hashed)];
  }

  #generate(level: Level, given: readonly SimObject[]): readonly SimObject[] {
    let objects = given;
    for (const generated of generatedOf(level)) {
      const { field, index, value, hashed } = generated;
      if (generated.behavior === 'create') {
        const key = `${level.file}:${field}[${index}]`;
        objects = [...objects, ...this.#begin(key, value, hashed)];
      } else {
        const entry = levelEntries(level).find(
          (each) => each.field === field && each.index === index,
        );
        if (entry) objects = this.#apply(entry, objects);
      }
    }
    return objects;
  }

  #apply(entry: Entry, given: readonly SimObject[]): readonly SimObject[] {
    const { without } = this.#options;
    let objects = given;
    // The target is selected once, before the first operation of a JSON patch changes anything.
    const selected = new Map<Operation, readonly SimObject[]>();
    const [first] = entry.operations;
    if (first?.kind === 'json') {
      const keys = new Set(select(objects, first.selector).map(({ key }) => key));
      // patchesJson6902 forgets to remember.
      if (entry.field === 'patches') {
        objects = objects.map((object) => (keys.has(object.key) ? rememberId(object) : object));
      }
      for (const operation of entry.operations) {
        selected.set(
          operation,
          objects.filter(({ key }) => keys.has(key)),
        );
      }
    }
    for (const operation of entry.operations) {
      if (without !== undefined && (operation.id === without || isPart(operation.id, without)))
        continue;
      const among = objects;
      const keys = new Set(
        (selected.get(operation) ?? this.#matches(entry, operation, among)).map(({ key }) => key),
      );
      const source = operation.kind === 'replace' ? this.#source(entry, operation, among) : null;
      const effects: Effect[] = [];
      objects = among.flatMap((before): SimObject[] => {
        if (!keys.has(before.key)) return [before];
        const after = this.#change(entry, operation, before, source);
        effects.push({ entry, operation, before, after });
        return after ? [after] : [];
      });
      this.#options.onOperation?.(entry, operation, effects, among);
    }
    return objects;
  }

  #matches(
    entry: Entry,
    operation: Operation,
    objects: readonly SimObject[],
  ): readonly SimObject[] {
    switch (operation.kind) {
      case 'json':
        return select(objects, operation.selector);
      case 'merge': {
        if (entry.target) return select(objects, operation.selector);
        return byId(objects, operation.patch);
      }
      case 'generate':
        return byId(objects, operation.generated.value);
      case 'replicas': {
        const name = textOf(operation.replicas['name']);
        return objects.filter((object) =>
          allIds(object).some((id) => id.name === name && SCALED_KINDS.has(id.kind)),
        );
      }
      case 'image':
        return objects.filter(({ value }) => setImage(value, operation.image).matched);
      case 'replace':
        return targetsOf(operation.target, objects);
    }
  }

  #source(
    entry: Entry,
    operation: Operation & { kind: 'replace' },
    objects: readonly SimObject[],
  ): Json {
    return this.#guarded(entry, operation, undefined, () => {
      const { value, from } = replacementValue(operation.replacement, objects);
      if (from) this.#options.onSource?.(from);
      return value;
    });
  }

  #change(
    entry: Entry,
    operation: Operation,
    object: SimObject,
    source: Json,
  ): SimObject | undefined {
    return this.#guarded(entry, operation, object, (): SimObject | undefined => {
      const { value } = object;
      switch (operation.kind) {
        case 'json': {
          const patched = applyOperation(value, operation.json);
          if (!isJsonObject(patched)) throw new PatchFailure('it leaves no object');
          return { ...object, value: patched };
        }
        case 'merge':
          return merge(object, operation, entry);
        case 'generate':
          return mergeGenerated(object, operation.generated);
        case 'replicas': {
          const spec: JsonObject = isJsonObject(value['spec']) ? value['spec'] : {};
          const count = operation.replicas['count'] ?? 0;
          return { ...object, value: withField(value, 'spec', withField(spec, 'replicas', count)) };
        }
        case 'image':
          return { ...object, value: setImage(value, operation.image).value };
        case 'replace':
          return { ...object, value: replaceIn(value, operation.target, source) };
      }
    });
  }

  #guarded<T>(entry: Entry, operation: Operation, object: SimObject | undefined, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof PatchFailure)) throw error;
      throw new Stopped({ entry, operation, reason: error.message, ...(object ? { object } : {}) });
    }
  }
}

const LATER = new Set(['patchesJson6902', 'replicas', 'images', 'replacements']);
const SCALED_KINDS = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet']);

const generatedRead = new WeakMap<Level, readonly Generated[]>();
function generatedOf(level: Level): readonly Generated[] {
  let generated = generatedRead.get(level);
  if (!generated) {
    generated = generate(level);
    generatedRead.set(level, generated);
  }
  return generated;
}

function isPart(id: string, whole: string): boolean {
  return id.startsWith(whole) && /^[[.]/.test(id.slice(whole.length));
}

function byId(objects: readonly SimObject[], value: JsonObject): SimObject[] {
  const wanted = idOf(value);
  return objects.filter((object) => allIds(object).some((id) => sameId(id, wanted)));
}

function merge(
  object: SimObject,
  { patch, allow }: Operation & { kind: 'merge' },
  entry: Entry,
): SimObject | undefined {
  const { value } = object;
  const prepared =
    entry.target || entry.field === 'patchesStrategicMerge' ? retargeted(patch, value) : patch;
  const merged = strategicMerge(value, prepared);
  if (!merged || Object.keys(merged).length === 0) return undefined;
  const kept = idOf(value);
  let metadata = metadataOf(merged);
  if (!allow.name) metadata = withField(metadata, 'name', kept.name);
  metadata =
    kept.namespace === ''
      ? withoutField(metadata, 'namespace')
      : withField(metadata, 'namespace', kept.namespace);
  const result = withField(merged, 'metadata', metadata);
  const moved = allow.name || allow.kind ? rememberId(object) : object;
  return { ...moved, value: allow.kind ? result : withField(result, 'kind', kept.kind) };
}

// With a target, kustomize takes the patch for the target's kind and writes its labels and annotations as texts.
function retargeted(patch: JsonObject, value: JsonObject): JsonObject {
  const metadata = metadataOf(patch);
  const texts = (field: string): JsonObject => {
    const map = metadata[field];
    if (!isJsonObject(map)) return {};
    return {
      [field]: Object.fromEntries(
        Object.entries(map).map(([key, text]) => [key, scalarText(text)]),
      ),
    };
  };
  const others = withoutField(withoutField(metadata, 'labels'), 'annotations');
  return {
    ...patch,
    apiVersion: value['apiVersion'] ?? null,
    metadata: { ...others, ...texts('labels'), ...texts('annotations') },
  };
}

function mergeGenerated(object: SimObject, generated: Generated): SimObject {
  const old = object.value;
  const added = generated.value;
  const both = (field: string, from: JsonObject, to: JsonObject): JsonObject => {
    const merged = {
      ...(isJsonObject(from[field]) ? from[field] : {}),
      ...(isJsonObject(to[field]) ? to[field] : {}),
    };
    return Object.keys(merged).length === 0 ? {} : { [field]: merged };
  };
  const { namespace, name } = idOf(old);
  const metadata: JsonObject = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...both('labels', metadataOf(old), metadataOf(added)),
    ...both('annotations', metadataOf(old), metadataOf(added)),
  };
  const data =
    generated.behavior === 'merge'
      ? { ...both('data', old, added), ...both('binaryData', old, added) }
      : {};
  return {
    ...object,
    value: { ...added, metadata, ...data },
    hashed: object.hashed && generated.hashed,
  };
}

/** An object's key without the places through which its base came. */
export function plainKey({ key }: Pick<SimObject, 'key'>): string {
  return key.replace(/^(?:\d+\/)+/, '');
}

/** Whether an operation left an object as it was. */
export function isUnchanged({ before, after }: Effect): boolean {
  return (
    after !== undefined && (after.value === before.value || sameJson(after.value, before.value))
  );
}
