import type { ConfigMapContent } from './config-maps.ts';

/**
 * ConfigMaps as a YAML stream, for a kustomization to list among its resources. Files are written as people read them;
 * what YAML 1.1, which kustomize and the API server read, would take for something else is quoted.
 */
export function printConfigMaps(configMaps: readonly ConfigMapContent[]): string {
  return configMaps.map(printConfigMap).join('---\n');
}

function printConfigMap({ name, data, binaryData }: ConfigMapContent): string {
  return [
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${quoted(name)}\n`,
    ...printEntries('data', data),
    ...printEntries('binaryData', binaryData),
  ].join('');
}

function printEntries(field: string, entries: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(entries).map(([key, text]) => `  ${quoted(key)}: ${value(text)}\n`);
  return lines.length === 0 ? [] : [`${field}:\n`, ...lines];
}

// A literal block keeps a text that begins with a word, ends with one line break, and has printable characters only.
function value(text: string): string {
  if (!/^\S.*[^\n]\n$|^\S\n$/s.test(text) || UNPRINTABLE.test(text)) return quoted(text);
  return `|\n${text.replaceAll(/^(?=.)/gm, '    ').slice(0, -1)}`;
}

// Line breaks other than \n, control characters, and marks that readers take away.
const UNPRINTABLE = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\u{10000}-\u{10ffff}]/u;

// A text of JSON is a double-quoted one of YAML, but for line breaks that only YAML knows.
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
