import { type Json, type JsonObject, isJsonObject, textOf } from '../load/tree.ts';
import { sameJson, withField, withoutField } from './sim-object.ts';

/** One operation of a JSON 6902 patch. */
export interface JsonOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value: Json | undefined;
}

/** kustomize would fail here. */
export class PatchFailure extends Error {
  override readonly name = 'PatchFailure';
}

/** Reads an operation; undefined where it is none. */
export function jsonOperation(value: Json): JsonOperation | undefined {
  if (!isJsonObject(value)) return undefined;
  const from = value['from'];
  return {
    op: textOf(value['op']),
    path: textOf(value['path']),
    value: value['value'],
    ...(typeof from === 'string' ? { from } : {}),
  };
}

/**
 * Applies one operation as kustomize 5 does: `replace` of a field that is not there adds it, and a negative index
 * counts from the end.
 *
 * @throws {PatchFailure} where kustomize fails.
 */
export function applyOperation(document: Json, operation: JsonOperation): Json {
  const { op, path, value = null } = operation;
  switch (op) {
    case 'add':
      return change(document, path, (container, key) => add(container, key, value));
    case 'remove':
      return change(document, path, remove);
    case 'replace':
      if (path === '') return value;
      return change(document, path, (container, key) => replace(container, key, value));
    case 'test': {
      const found = path === '' ? document : lookUp(document, path);
      if (!sameJson(found ?? null, value)) {
        throw new PatchFailure(`test of ${path} fails: it is ${JSON.stringify(found ?? null)}`);
      }
      return document;
    }
    case 'copy':
    case 'move': {
      const { from = '' } = operation;
      const found = lookUp(document, from) ?? null;
      const left = op === 'move' ? change(document, from, remove) : document;
      return change(left, path, (container, key) => add(container, key, found));
    }
    default:
      throw new PatchFailure(`there is no operation ${op}`);
  }
}

/** The steps of a JSON pointer. */
export function pointerSteps(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer, undefined where there is none. */
export function valueAt(document: Json | undefined, steps: readonly string[]): Json | undefined {
  let value = document;
  for (const step of steps) {
    if (Array.isArray(value)) {
      const index = Number(step);
      value = value[index < 0 ? index + value.length : index] as Json | undefined;
    } else if (isJsonObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

type Container = readonly Json[] | JsonObject;

function change(
  document: Json,
  path: string,
  edit: (container: Container, key: string) => Container,
): Json {
  const steps = pointerSteps(path);
  const last = steps.pop();
  if (last === undefined) throw new PatchFailure(`the path ${path} leads to no field`);
  const walk = (value: Json | undefined, depth: number): Json => {
    if (!Array.isArray(value) && !isJsonObject(value)) {
      throw new PatchFailure(`there is no /${steps.slice(0, depth).join('/')}`);
    }
    const container = value as Container;
    const step = steps[depth];
    if (step === undefined) return edit(container, last);
    if (isJsonObject(container)) {
      return withField(container, step, walk(container[step], depth + 1));
    }
    const index = indexOf(step, container.length, container.length - 1);
    return container.with(index, walk(container[index], depth + 1));
  };
  return walk(document, 0);
}

function lookUp(document: Json, path: string): Json | undefined {
  const steps = pointerSteps(path);
  let value: Json | undefined = document;
  for (const [depth, step] of steps.entries()) {
    if (Array.isArray(value)) {
      value = value[indexOf(step, value.length, value.length - 1)] as Json;
    } else if (isJsonObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else throw new PatchFailure(`there is no /${steps.slice(0, depth).join('/')}`);
  }
  return value;
}

function add(container: Container, key: string, value: Json): Container {
  if (isJsonObject(container)) return withField(container, key, value);
  if (key === '-') return [...container, value];
  return container.toSpliced(indexOf(key, container.length + 1, container.length), 0, value);
}

function remove(container: Container, key: string): Container {
  if (isJsonObject(container)) {
    if (!Object.hasOwn(container, key)) throw new PatchFailure(`there is no ${key} to remove`);
    return withoutField(container, key);
  }
  return container.toSpliced(indexOf(key, container.length, container.length - 1), 1);
}

function replace(container: Container, key: string, value: Json): Container {
  if (isJsonObject(container)) return withField(container, key, value);
  return container.with(indexOf(key, container.length, container.length - 1), value);
}

function indexOf(step: string, length: number, highest: number): number {
  if (!/^[-+]?\d+$/.test(step)) throw new PatchFailure(`${step} is no index of a list`);
  const index = Number(step) < 0 ? Number(step) + length : Number(step);
  if (index < 0 || index > highest) throw new PatchFailure(`the list has no index ${step}`);
  return index;
}
