import { type Json, type JsonObject, isJsonObject, scalarText, textOf } from '../load/tree.ts';
import { labelSelector } from './label-selector.ts';
import { pattern } from './pattern.ts';
import {
  type SimObject,
  effectiveNamespace,
  groupVersion,
  idOf,
  metadataOf,
  originalId,
} from './sim-object.ts';

/** Which objects a patch is for. Empty fields match everything; the others are regular expressions. */
export interface Selector {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly annotationSelector: string;
}

export const SELECTOR_FIELDS = ['group', 'version', 'kind', 'namespace', 'name'] as const;
export type SelectorField = (typeof SELECTOR_FIELDS)[number];

/** Reads the `target` of a patch or the `select` of a replacement. */
export function readSelector(value: Json | undefined): Selector {
  const map: JsonObject = isJsonObject(value) ? value : {};
  return {
    group: textOf(map['group']),
    version: textOf(map['version']),
    kind: textOf(map['kind']),
    name: textOf(map['name']),
    namespace: textOf(map['namespace']),
    labelSelector: textOf(map['labelSelector']),
    annotationSelector: textOf(map['annotationSelector']),
  };
}

/** The objects that a patch's target selects, by kustomize's rules: name and namespace of now or of the beginning. */
export function select(objects: readonly SimObject[], selector: Selector): SimObject[] {
  const matches = selectorMatcher(selector);
  return objects.filter(
    (object) =>
      SELECTOR_FIELDS.every((field) => matches.field(object, field)) && matches.labels(object),
  );
}

export interface SelectorMatcher {
  /** Whether one field of the selector matches. */
  field(object: SimObject, field: SelectorField): boolean;
  /** Whether the label and annotation selectors match. */
  labels(object: SimObject): boolean;
}

const matchers = new WeakMap<Selector, SelectorMatcher>();

/** @throws {AuditError} `unbuildable` for an expression that does not parse. */
export function selectorMatcher(selector: Selector): SelectorMatcher {
  const known = matchers.get(selector);
  if (known) return known;
  const field = Object.fromEntries(
    SELECTOR_FIELDS.map((name) => [name, anchored(selector[name])]),
  ) as Record<SelectorField, (text: string) => boolean>;
  const labels = labelSelector(selector.labelSelector);
  const annotations = labelSelector(selector.annotationSelector);
  const matcher: SelectorMatcher = {
    field: (object, name) => fieldTexts(object, name).some(field[name]),
    labels: ({ value }) => {
      const metadata = metadataOf(value);
      return (
        labels(stringMap(metadata['labels'])) && annotations(stringMap(metadata['annotations']))
      );
    },
  };
  matchers.set(selector, matcher);
  return matcher;
}

function fieldTexts(object: SimObject, field: SelectorField): string[] {
  const now = idOf(object.value);
  if (field === 'group' || field === 'version' || field === 'kind') return [now[field]];
  const first = originalId(object);
  if (field === 'name') return [first.name, now.name];
  return [effectiveNamespace(first), effectiveNamespace(now)];
}

function stringMap(value: Json | undefined): ReadonlyMap<string, string> {
  return new Map(
    isJsonObject(value) ? Object.entries(value).map(([key, text]) => [key, scalarText(text)]) : [],
  );
}

const anchoredPatterns = new Map<string, (text: string) => boolean>();

/** A matcher for a whole text; an empty pattern matches everything. */
export function anchored(source: string): (text: string) => boolean {
  const known = anchoredPatterns.get(source);
  if (known) return known;
  const matcher = makeMatcher(source);
  anchoredPatterns.set(source, matcher);
  return matcher;
}

function makeMatcher(source: string): (text: string) => boolean {
  if (source === '' || source === '.*') return () => true;
  if (/^[\w-]+$/.test(source)) return (text) => text === source;
  return pattern(`^(?:${source})$`);
}

/** How a selector is written in messages: `kind Deployment, name deck`. */
export function describeSelector(selector: Selector): string {
  const parts = [
    ...SELECTOR_FIELDS.map((field) => [field, selector[field]]),
    ['labelSelector', selector.labelSelector],
    ['annotationSelector', selector.annotationSelector],
  ].filter(([, text]) => text !== '');
  return parts.length === 0
    ? 'every object'
    : parts.map(([field, text]) => `${field ?? ''} ${text ?? ''}`).join(', ');
}

/** The selector that a strategic merge patch without target amounts to: exactly its own id. */
export function selectorOf(patch: JsonObject): Selector {
  const metadata = metadataOf(patch);
  return {
    ...groupVersion(textOf(patch['apiVersion'])),
    kind: textOf(patch['kind']),
    name: textOf(metadata['name']),
    namespace: textOf(metadata['namespace']),
    labelSelector: '',
    annotationSelector: '',
  };
}
