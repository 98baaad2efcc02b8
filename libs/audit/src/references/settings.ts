import type { KubernetesObject } from '../kubernetes-object.ts';
import { apiGroup } from '../objects/api-group.ts';
import { builtInScope } from '../objects/built-in-kinds.ts';
import { containerArguments } from '../objects/container-arguments.ts';
import { type Fields, fields, items, list, text } from '../objects/fields.ts';
import { type ConfigFile, isAboutOtherCluster } from './config-files.ts';
import type { PodTemplate } from '../objects/pod-templates.ts';

/** A text that configures a program: a flag, a variable, or a value of a ConfigMap. */
export interface Setting {
  readonly from: KubernetesObject;
  /** Where it is, such as `argument --tide-url of container deck`, `config.yaml: push_gateway.endpoint`. */
  readonly by: string;
  /** Its name in words joined by dashes, lower case: `jobs-namespace`; empty for a text without a name. */
  readonly name: string;
  /** Names of the mappings that it is in, outermost first. */
  readonly path: readonly string[];
  readonly value: string;
  /** Namespace in which host names without dots are looked up; absent where it is not known. */
  readonly namespace?: string;
  /** Host names that mean something else here. */
  readonly aliases?: ReadonlySet<string>;
}

/** The arguments and variables of a pod's containers. */
export function* podSettings(template: PodTemplate): Generator<Setting> {
  const { object: from, namespace, spec, containers } = template;
  const aliases = new Set<string>();
  for (const alias of items(spec['hostAliases'])) {
    for (const name of list(alias['hostnames'])) if (typeof name === 'string') aliases.add(name);
  }
  const place = { from, path: [], aliases, ...(namespace === undefined ? {} : { namespace }) };
  for (const container of containers) {
    const where = `of container ${container.name}`;
    for (const { flag, written, value } of container.arguments) {
      if (value === undefined) continue;
      const by = flag === undefined ? `an argument ${where}` : `argument ${written ?? ''} ${where}`;
      yield { ...place, by, name: settingName(flag ?? ''), value };
    }
    for (const [variable, value] of container.env) {
      yield { ...place, by: `variable ${variable} ${where}`, name: settingName(variable), value };
    }
  }
}

/**
 * The hosts of the cluster (`service.namespace.svc`) in an object's annotations, in the externalName of a Service, in a
 * custom resource, and in the short values of a ConfigMap, which become variables of containers. Who reads them is not known, so other texts there say nothing.
 */
export function* objectSettings(from: KubernetesObject): Generator<Setting> {
  const spec = fields(from['spec']);
  const isCustom = builtInScope(apiGroup(from.apiVersion), from.kind) === undefined;
  const texts = {
    annotation: from.metadata.annotations,
    ...(isCustom ? { spec } : { externalName: spec['externalName'] }),
    ...(from.kind === 'ConfigMap' ? { value: oneLiners(from['data']) } : {}),
  };
  for (const [by, value] of Object.entries(texts)) {
    for (const found of allTexts(value)) {
      if (/\.svc\b/.test(found)) yield { from, by, name: '', path: [], value: found };
    }
  }
}

// Longer ones are files, which are read as such.
function oneLiners(data: unknown): unknown[] {
  return Object.values(fields(data)).filter(
    (value) => typeof value === 'string' && !value.trim().includes('\n'),
  );
}

function* allTexts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* allTexts(item);
  else for (const item of Object.values(fields(value))) yield* allTexts(item);
}

/** The texts of a ConfigMap's file, without those that are about another cluster, and without prose. */
export function* configSettings(file: ConfigFile): Generator<Setting> {
  const { configMap: from, key, documents, text: plain } = file;
  const { namespace } = from.metadata;
  const place = { from, by: key, path: [], ...(namespace === undefined ? {} : { namespace }) };
  for (const document of documents) yield* walk(document, { ...place, name: '' }, file);
  if (plain === undefined) return;
  const aliases = new Set([...plain.matchAll(UPSTREAM)].map(([, name]) => name ?? ''));
  for (const [index, line] of plain.split('\n').entries()) {
    if (/^\s*(?:[#;]|\/\/|$)/.test(line)) continue;
    const [, name = '', value = line] = LINE.exec(line) ?? [];
    const by = `${key}, line ${String(index + 1)}`;
    yield { ...place, by, aliases, name: settingName(name), value };
  }
}

// nginx names groups of servers so, and uses the name as a host.
const UPSTREAM = /^\s*upstream\s+([\w.-]+)\s*\{/gm;
// `name: value` and `name = value`, with or without quotes.
const LINE = /^\s*(?:export\s+)?([A-Za-z][\w.-]*)\s*[:=]\s*["']?(.*?)["']?\s*$/;

type Place = Omit<Setting, 'value'>;

function* walk(value: unknown, place: Place, file: ConfigFile): Generator<Setting> {
  if (typeof value === 'string') {
    yield { ...place, value };
  } else if (Array.isArray(value)) {
    const words = value.filter((item) => typeof item === 'string');
    if (words.some((word) => word.startsWith('--'))) {
      for (const { flag, written, value: argument } of containerArguments(words)) {
        if (argument === undefined) continue;
        const by = written === undefined ? place.by : `${place.by}, ${written}`;
        yield { ...place, by, name: settingName(flag ?? ''), value: argument };
      }
    } else {
      for (const item of value) yield* walk(item, place, file);
    }
  } else {
    yield* walkMapping(fields(value), place, file);
  }
}

function* walkMapping(mapping: Fields, place: Place, file: ConfigFile): Generator<Setting> {
  if (isAboutOtherCluster(mapping)) return;
  const variable = text(mapping['name']);
  if (variable !== undefined && typeof mapping['value'] === 'string') {
    yield { ...place, name: settingName(variable), value: mapping['value'] };
    return;
  }
  const inside = isPodSpec(mapping) ? inPod(place, file) : place;
  const path = place.name === '' ? place.path : [...place.path, place.name];
  for (const [key, value] of Object.entries(mapping)) {
    if (typeof value !== 'string' && typeof value !== 'object') continue;
    const name = settingName(key);
    if (PROSE.test(name)) continue;
    const by = place.by === file.key ? `${file.key}: ${key}` : `${place.by}.${key}`;
    yield* walk(value, { ...inside, by, name, path }, file);
  }
}

// What describes something to people may have any word in it.
const PROSE = /(^|-)(comment|description|help|message|summary|title|template)$/;

// A pod that a job starts, or a part of one (a preset).
function isPodSpec(mapping: Fields): boolean {
  return (
    Array.isArray(mapping['containers']) ||
    Array.isArray(mapping['volumeMounts']) ||
    (Array.isArray(mapping['volumes']) && Array.isArray(mapping['env']))
  );
}

// The pod is where Prow starts it, or anywhere where somebody else does.
function inPod(place: Place, { podNamespace }: ConfigFile): Place {
  const { from, by, name, path } = place;
  const anywhere = { from, by, name, path };
  return podNamespace === undefined ? anywhere : { ...anywhere, namespace: podNamespace };
}

/** `jobsNamespace`, `JOBS_NAMESPACE` and `jobs_namespace` as `jobs-namespace`. */
function settingName(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_.\s/]+/g, '-')
    .toLowerCase();
}
