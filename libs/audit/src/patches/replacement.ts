import {
  type Json,
  type JsonObject,
  isJsonObject,
  listOf,
  scalarText,
  textOf,
} from '../load/tree.ts';
import { PatchFailure } from './json-patch.ts';
import { labelSelector } from './label-selector.ts';
import { pattern } from './pattern.ts';
import { type Selector, readSelector } from './selector.ts';
import { type ObjectId, type SimObject, allIds, metadataOf } from './sim-object.ts';

/** One target of a replacement. */
export interface ReplacementTarget {
  readonly select: Selector;
  readonly reject: readonly Selector[];
  readonly fieldPaths: readonly string[];
  readonly options: JsonObject;
}

export function readTarget(value: Json): ReplacementTarget {
  const map: JsonObject = isJsonObject(value) ? value : {};
  const paths = listOf(map['fieldPaths']).map(textOf);
  return {
    select: readSelector(map['select']),
    reject: listOf(map['reject']).map(readSelector),
    fieldPaths: paths.length === 0 ? ['metadata.name'] : paths,
    options: isJsonObject(map['options']) ? map['options'] : {},
  };
}

/**
 * The value that a replacement copies, and the object that it is read from, if it is one.
 *
 * @throws {PatchFailure} where there is no such object or field, or more than one object.
 */
export function replacementValue(
  replacement: JsonObject,
  objects: readonly SimObject[],
): { readonly value: Json; readonly from?: SimObject } {
  const { sourceValue, source } = replacement;
  if (sourceValue !== undefined && sourceValue !== null) return { value: textOf(sourceValue) };
  const map: JsonObject = isJsonObject(source) ? source : {};
  const selector = readSelector(map);
  const found = objects.filter((object) => isSelected(object, selector));
  const [object] = found;
  if (!object || found.length > 1) {
    throw new PatchFailure(
      object ? 'its source is more than one object' : 'its source is no object',
    );
  }
  const path = textOf(map['fieldPath']) || 'metadata.name';
  const value = lookUp(object.value, splitPath(path));
  if (value === undefined || value === null || value === '') {
    throw new PatchFailure(`its source has no ${path}`);
  }
  const options: JsonObject = isJsonObject(map['options']) ? map['options'] : {};
  const delimiter = textOf(options['delimiter']);
  if (delimiter === '') return { value, from: object };
  const part = scalarText(value).split(delimiter)[Number(options['index'] ?? 0)];
  if (part === undefined) throw new PatchFailure(`its source's ${path} has no part of this index`);
  return { value: part, from: object };
}

/** The objects that a target is for: by exact names, of now or before. */
export function targetsOf(target: ReplacementTarget, objects: readonly SimObject[]): SimObject[] {
  return objects.filter((object) => {
    if (!matchesLabels(object, target.select) || !isSelected(object, target.select)) return false;
    return !target.reject.some((reject) => {
      const byLabels = reject.labelSelector !== '' || reject.annotationSelector !== '';
      const byId = [reject.group, reject.version, reject.kind, reject.name, reject.namespace].some(
        (text) => text !== '',
      );
      return (byLabels && matchesLabels(object, reject)) || (byId && isSelected(object, reject));
    });
  });
}

/**
 * Writes the value into an object.
 *
 * @throws {PatchFailure} where a path leads nowhere.
 */
export function replaceIn(object: JsonObject, target: ReplacementTarget, value: Json): JsonObject {
  const copy = structuredClone(object) as Json;
  for (const path of target.fieldPaths) {
    const create = target.options['create'] === true;
    const slots = find({ holder: [copy], key: 0 }, splitPath(path), create, value);
    if (slots.length === 0) throw new PatchFailure(`there is no ${path}`);
    for (const slot of slots)
      slot.holder[slot.key] = written(slot.holder[slot.key], value, target.options);
  }
  return copy as JsonObject;
}

/** Whether one of an object's ids is what a replacement names. */
export function isSelected(object: SimObject, selector: Selector): boolean {
  const namespace = (text: string): string => (text === '' ? 'default' : text);
  const equal = (id: ObjectId): boolean =>
    (selector.name === '' || selector.name === id.name) &&
    (selector.namespace === '' || namespace(selector.namespace) === namespace(id.namespace)) &&
    (selector.group === '' || selector.group === id.group) &&
    (selector.version === '' || selector.version === id.version) &&
    (selector.kind === '' || selector.kind === id.kind);
  return allIds(object).some(equal);
}

function matchesLabels({ value }: SimObject, selector: Selector): boolean {
  const metadata = metadataOf(value);
  const map = (field: string): Map<string, string> => {
    const entries = metadata[field];
    return new Map(
      isJsonObject(entries)
        ? Object.entries(entries).map(([key, text]) => [key, scalarText(text)])
        : [],
    );
  };
  return (
    labelSelector(selector.labelSelector)(map('labels')) &&
    labelSelector(selector.annotationSelector)(map('annotations'))
  );
}

/** Splits a field path: at dots, but not in brackets and not after a backslash. */
export function splitPath(path: string): string[] {
  const parts = path
    .replace(/\\\./g, '\u0000')
    .split('.')
    .map((part) => part.replaceAll('\u0000', '.'));
  const steps: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    let step = parts[index] ?? '';
    if (step === '' && index === 0 && parts.length > 1) continue;
    if (step.startsWith('[') && !step.endsWith(']')) {
      while (index < parts.length - 1 && !step.endsWith(']')) {
        index += 1;
        step = `${step}.${parts[index] ?? ''}`;
      }
      if (!step.includes('=')) step = step.replace(/^\[+|\]+$/g, '');
    }
    steps.push(step);
  }
  return steps;
}

// A place that can be written to.
interface Slot {
  readonly holder: Record<string | number, Json>;
  readonly key: string | number;
}

function find(
  slot: Slot | { holder: Json[]; key: number },
  steps: readonly string[],
  create: boolean,
  value: Json,
): Slot[] {
  const [step, ...rest] = steps;
  const holder = slot.holder as Record<string | number, Json>;
  if (step === undefined) return [{ holder, key: slot.key }];
  const current = holder[slot.key];
  if (/^\d+$/.test(step)) return atIndex(listAt(current, step), Number(step), rest, create, value);
  if (step.startsWith('[') && step.endsWith(']')) {
    return atMatch(listAt(current, step), step, rest, create, value);
  }
  if (step === '*') {
    return listAt(current, step).flatMap((_item, key) =>
      find({ holder: listAt(current, step), key }, rest, create, value),
    );
  }
  if (current === undefined || current === null) return [];
  if (!isJsonObject(current)) throw new PatchFailure(`${step} is no field of a value`);
  const map = current as Record<string, Json>;
  if (!Object.hasOwn(map, step)) {
    if (!create) return [];
    const list = rest[0] !== undefined && (/^\d+$/.test(rest[0]) || rest[0].startsWith('['));
    const made: Json = rest.length === 0 ? (typeof value === 'object' ? {} : '') : list ? [] : {};
    Object.defineProperty(map, step, {
      value: made,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return find({ holder: map, key: step }, rest, create, value);
}

function listAt(current: Json | undefined, step: string): Json[] {
  if (current === undefined || current === null) return [];
  if (!Array.isArray(current)) throw new PatchFailure(`${step} is no item of a list`);
  return current as Json[];
}

function atIndex(
  list: Json[],
  index: number,
  rest: readonly string[],
  create: boolean,
  value: Json,
): Slot[] {
  if (index === list.length && create) list.push(rest.length === 0 ? '' : {});
  if (index >= list.length) throw new PatchFailure(`the list has no index ${index}`);
  return find({ holder: list, key: index }, rest, create, value);
}

function atMatch(
  list: Json[],
  step: string,
  rest: readonly string[],
  create: boolean,
  value: Json,
): Slot[] {
  const inner = step.slice(1, -1);
  const at = inner.indexOf('=');
  if (at < 0) throw new PatchFailure(`${step} does not say which value to match`);
  const field = inner.slice(0, at);
  const wanted = inner.slice(at + 1);
  const matches = pattern(wanted);
  const matching = (): number[] =>
    list.flatMap((item, index) => {
      const text = field === '' ? item : isJsonObject(item) ? item[field] : undefined;
      return text !== undefined && typeof text !== 'object' && matches(String(text)) ? [index] : [];
    });
  if (matching().length === 0 && create) list.push(field === '' ? wanted : { [field]: wanted });
  return matching().flatMap((key) =>
    // Plain items are what they are: kustomize looks no further into them.
    find({ holder: list, key }, field === '' ? [] : rest, create, value),
  );
}

function lookUp(value: Json, steps: readonly string[]): Json | undefined {
  return find({ holder: [structuredClone<Json>(value)], key: 0 }, steps, false, null).map(
    ({ holder, key }) => holder[key],
  )[0];
}

function written(current: Json | undefined, value: Json, options: JsonObject): Json {
  const delimiter = textOf(options['delimiter']);
  let next = value;
  if (delimiter !== '') {
    const parts = scalarText(current ?? '').split(delimiter);
    const index = Number(options['index'] ?? 0);
    const text = scalarText(value);
    if (index < 0) parts.unshift(text);
    else if (index >= parts.length) parts.push(text);
    else parts[index] = text;
    next = parts.join(delimiter);
  }
  if (typeof current === 'string') return scalarText(next);
  if (typeof current === 'number' && typeof next === 'string' && /^-?\d+$/.test(next))
    return Number(next);
  return next;
}
