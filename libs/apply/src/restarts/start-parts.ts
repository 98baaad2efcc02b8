import { gunzipSync } from 'node:zlib';
import { CORE_SCHEMA, loadAll, mergeTag, Schema } from 'js-yaml';
import { type Fields, fields, items, text } from '../fields.ts';

/**
 * Parts of Prow's configuration that some component takes at its start and never again, although it polls the file:
 * a changed file reloads it, a change of such a part does not reach it.
 */
const PARTS = {
  disabled_clusters: (config) => config['disabled_clusters'],
  log_level: (config) => config['log_level'],
  pod_namespace: (config) => config['pod_namespace'],
  prowjob_namespace: (config) => config['prowjob_namespace'],
  push_gateway: (config) => config['push_gateway'],
  'horologium.tick_interval': (config) => fields(config['horologium'])['tick_interval'],
  'tide.sync_period': (config) => fields(config['tide'])['sync_period'],
  // Which lenses there are; what each of them shows is read anew.
  'deck.spyglass.lenses': (config) =>
    items(fields(fields(config['deck'])['spyglass'])['lenses']).map((entry) => [
      fields(entry['lens'])['name'],
      entry['remote_config'],
    ]),
  'the list of repositories': (config) => repositoriesOf(config),
  'whether bugzilla or jira is enabled': (plugins) =>
    ['bugzilla', 'jira'].map((plugin) => enabledPlugins(plugins).has(plugin)),
} as const satisfies Record<string, (document: Fields) => unknown>;

export type StartPart = keyof typeof PARTS;
export const START_PARTS = Object.keys(PARTS) as readonly StartPart[];

/**
 * A part of a file of Prow's configuration, as a text that is equal for two files exactly when the part is. Prow takes
 * files in gzip too. A file that is no YAML mapping is its own only part.
 */
export function startPart(document: ConfigDocument, part: StartPart): string {
  return document.content === undefined
    ? document.text
    : canonical(PARTS[part](document.content) ?? null);
}

/** A file of Prow's configuration, read once for all its parts. */
export interface ConfigDocument {
  readonly text: string;
  /** Absent where the text is no YAML mapping. */
  readonly content: Fields | undefined;
}

/** Reads a file of Prow's configuration. */
export function readConfigDocument(bytes: Buffer): ConfigDocument {
  const plain = unzip(bytes).toString('utf8');
  try {
    const schema = new Schema([...CORE_SCHEMA.tags, mergeTag]);
    const [content, ...others] = loadAll(plain, { schema });
    if (others.length > 0) return { text: plain, content: undefined };
    return {
      text: plain,
      content: content === null || content === undefined ? {} : asFields(content),
    };
  } catch {
    return { text: plain, content: undefined };
  }
}

// The magic number of gzip, RFC 1952; what only looks like it is taken as it is.
function unzip(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return bytes;
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? fields(value) : undefined;
}

function repositoriesOf(config: Fields): string[] {
  const queried = items(fields(config['tide'])['queries']).flatMap(({ repos }) =>
    Array.isArray(repos) ? (repos as unknown[]) : [],
  );
  const withJobs = ['presubmits', 'postsubmits'].flatMap((jobs) =>
    Object.keys(fields(config[jobs])),
  );
  return [...new Set([...queried, ...withJobs].flatMap((name) => text(name) ?? []))].sort();
}

// `org/repo: [plugin]`, or `org/repo: { plugins: [plugin] }`.
function enabledPlugins(configuration: Fields): Set<unknown> {
  return new Set(
    Object.values(fields(configuration['plugins'])).flatMap((entry) => {
      const names = Array.isArray(entry) ? (entry as unknown[]) : fields(entry)['plugins'];
      return Array.isArray(names) ? (names as unknown[]) : [];
    }),
  );
}

// JSON whose mappings are sorted: their order means nothing to who reads them.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
