import { basename } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { envPairs } from '../load/generator-inputs.ts';
import {
  type Json,
  type JsonObject,
  type Level,
  isJsonObject,
  listOf,
  scalarText,
  textOf,
} from '../load/tree.ts';

/** What a configMapGenerator or secretGenerator gives. */
export interface Generated {
  readonly field: 'configMapGenerator' | 'secretGenerator';
  readonly index: number;
  readonly behavior: 'create' | 'merge' | 'replace';
  readonly value: JsonObject;
  readonly hashed: boolean;
}

/** The objects of a kustomization's generators, in kustomize's order. */
export function generate(level: Level): Generated[] {
  return (['configMapGenerator', 'secretGenerator'] as const).flatMap((field) =>
    listOf(level.content[field]).flatMap((entry, index): Generated[] =>
      isJsonObject(entry) ? [generateOne(level, field, index, entry)] : [],
    ),
  );
}

function generateOne(
  level: Level,
  field: Generated['field'],
  index: number,
  entry: JsonObject,
): Generated {
  const local = objectOf(entry['options']);
  const global = objectOf(level.content['generatorOptions']);
  const merged = (name: string): JsonObject => ({
    ...objectOf(global[name]),
    ...objectOf(local[name]),
  });
  const either = (name: string): boolean => global[name] === true || local[name] === true;
  const labels = merged('labels');
  const annotations = merged('annotations');
  const namespace = textOf(entry['namespace']);
  const behavior = textOf(entry['behavior']);
  const secret = field === 'secretGenerator';
  const value: JsonObject = {
    apiVersion: 'v1',
    kind: secret ? 'Secret' : 'ConfigMap',
    metadata: {
      name: textOf(entry['name']),
      ...(namespace === '' ? {} : { namespace }),
      ...(Object.keys(labels).length === 0 ? {} : { labels: strings(labels) }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations: strings(annotations) }),
    },
    ...(secret ? { type: textOf(entry['type']) || 'Opaque' } : {}),
    ...data(level, entry, secret),
    ...(either('immutable') ? { immutable: true } : {}),
  };
  return {
    field,
    index,
    value,
    behavior: behavior === 'merge' || behavior === 'replace' ? behavior : 'create',
    hashed: !either('disableNameSuffixHash'),
  };
}

function data(level: Level, entry: JsonObject, secret: boolean): JsonObject {
  const input = (reference: string): Buffer => level.inputs.get(reference) ?? Buffer.alloc(0);
  const pairs: [string, Buffer][] = [
    ...[...listOf(entry['envs']), entry['env']]
      .map(textOf)
      .filter((reference) => reference !== '')
      .flatMap((reference) => envPairs(input(reference).toString('utf8')))
      .map(([key, text]): [string, Buffer] => [key, Buffer.from(text)]),
    ...listOf(entry['literals']).map(textOf).map(literal),
    ...listOf(entry['files'])
      .map(textOf)
      .map((file): [string, Buffer] => {
        const at = file.indexOf('=');
        return [at < 0 ? basename(file) : file.slice(0, at), input(file.slice(at + 1))];
      }),
  ];
  const text: Record<string, Json> = {};
  const binary: Record<string, Json> = {};
  for (const [key, bytes] of pairs) {
    if (secret) text[key] = bytes.toString('base64');
    else if (isUtf8(bytes)) text[key] = bytes.toString('utf8');
    else binary[key] = bytes.toString('base64');
  }
  return {
    ...(Object.keys(text).length === 0 ? {} : { data: text }),
    ...(Object.keys(binary).length === 0 ? {} : { binaryData: binary }),
  };
}

function literal(text: string): [string, Buffer] {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  return [text.slice(0, at), Buffer.from(quoted && value.length > 1 ? (quoted[2] ?? '') : value)];
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function strings(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, scalarText(value)]));
}
