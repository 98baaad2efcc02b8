import { isUtf8 } from 'node:buffer';
import { gzipSync } from 'fflate';
import { configMapKey, configMapOf } from './config-map-key.ts';
import { matchesPattern } from './match-pattern.ts';
import type { UpdaterMap } from './updater-map.ts';

/** What the values of a ConfigMap may add up to. Source: ValidateConfigMap in pkg/apis/core/validation of Kubernetes. */
export const MAX_CONFIG_MAP_BYTES = 1024 * 1024;

/** Share of the limit from which on a warning is given. */
export const NEAR_LIMIT = 0.8;

/** A file to put into a ConfigMap. */
export interface UpdaterFile {
  /** Path as the patterns see it. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** A ConfigMap, as far as its files make it. */
export interface ConfigMapContent {
  readonly name: string;
  /** Values that are UTF-8 and come through kustomize as they are, by key, sorted. */
  readonly data: Readonly<Record<string, string>>;
  /** Other values in base64, by key, sorted. */
  readonly binaryData: Readonly<Record<string, string>>;
  /** What the values add up to, as the API server counts. */
  readonly bytes: number;
}

/** Why files cannot be loaded as they are, or soon cannot. */
export interface ConfigMapProblem {
  readonly severity: 'error' | 'warning';
  /** The file to change. */
  readonly path: string;
  /** A sentence or two that say what is wrong with it, and what to do. */
  readonly message: string;
}

export interface ConfigMaps {
  /** By name, sorted; those of `partitioned_names` are there even if no key falls to them. */
  readonly configMaps: readonly ConfigMapContent[];
  readonly problems: readonly ConfigMapProblem[];
}

/**
 * Lays files out in ConfigMaps as Prow's config-updater and config-bootstrapper do: a key for each file, compressed and
 * spread over several ConfigMaps where the entry says so, values that are no UTF-8 in `binaryData`. Files that no entry
 * matches are left out. Where Prow would let chance decide (two entries for a file, two files for a key), and where
 * the API server would refuse, it is an error that names the file.
 *
 * Pure: the same files give the same bytes everywhere, compressed ones too.
 */
export function toConfigMaps(
  files: readonly UpdaterFile[],
  maps: readonly UpdaterMap[],
): ConfigMaps {
  const problems: ConfigMapProblem[] = [];
  const configMaps = new Map<string, Map<string, Stored>>();
  for (const file of [...files].sort(byPath)) {
    const [map, second] = maps.filter(({ pattern }) => matchesPattern(pattern, file.path));
    if (map === undefined) continue;
    for (const name of map.names)
      configMaps.set(name, configMaps.get(name) ?? new Map<string, Stored>());
    const key = configMapKey(map, file.path);
    const stored = configMaps.get(configMapOf(map, key) ?? '');
    const problem = findProblem({ file, key, map, second, present: stored?.get(key) });
    if (problem !== undefined)
      problems.push({ severity: 'error', path: file.path, message: problem });
    else stored?.set(key, { path: file.path, bytes: valueOf(file, map) });
  }
  const contents = [...configMaps].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    configMaps: contents.map(([name, values]) => toContent(name, values)),
    problems: [...problems, ...contents.flatMap(([name, values]) => auditSize(name, values))],
  };
}

interface Stored {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function byPath(a: UpdaterFile, b: UpdaterFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function findProblem(options: {
  readonly file: UpdaterFile;
  readonly key: string;
  readonly map: UpdaterMap;
  readonly second: UpdaterMap | undefined;
  readonly present: Stored | undefined;
}): string | undefined {
  const { key, map, second, present } = options;
  if (second !== undefined) {
    return `Two entries of config_updater.maps match it, ${map.pattern} and ${second.pattern}, and Prow takes either. Change one of the patterns.`;
  }
  if (map.names.length === 0) {
    return `The entry ${map.pattern} of config_updater.maps names no ConfigMap. Give it a name.`;
  }
  if (present !== undefined) {
    return `It and ${present.path} have the same key, ${key}, in ConfigMap ${configMapOf(map, key) ?? ''}, which holds one of them. Give one another name.`;
  }
  // Source: IsConfigMapKey in k8s.io/apimachinery/pkg/util/validation.
  if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key.startsWith('..')) {
    return `Its key would be "${key}", which no ConfigMap takes: only letters, digits, "-", "_" and ".". Give it another name.`;
  }
  return undefined;
}

function valueOf({ content }: UpdaterFile, { gzip }: UpdaterMap): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  // Not node:zlib, whose output differs between processors; without a time, as Go writes it.
  return gzip ? gzipSync(bytes, { level: 9, mtime: 0 }) : bytes;
}

function toContent(name: string, values: ReadonlyMap<string, Stored>): ConfigMapContent {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = sorted.filter(([, { bytes }]) => isText(bytes));
  const others = sorted.filter(([, { bytes }]) => !isText(bytes));
  return {
    name,
    data: Object.fromEntries(
      texts.map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('utf8')]),
    ),
    binaryData: Object.fromEntries(
      others.map(([key, { bytes }]) => [key, Buffer.from(bytes).toString('base64')]),
    ),
    bytes: sizeOf(values),
  };
}

// kustomize v5.7.1 prints the line breaks that only Unicode knows as blanks. A pod sees no difference.
function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !/[\u0085\u2028\u2029]/.test(Buffer.from(bytes).toString('utf8'));
}

function sizeOf(values: ReadonlyMap<string, Stored>): number {
  return [...values.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function auditSize(name: string, values: ReadonlyMap<string, Stored>): ConfigMapProblem[] {
  const total = sizeOf(values);
  if (total < MAX_CONFIG_MAP_BYTES * NEAR_LIMIT) return [];
  let sum = 0;
  const files = [...values.values()];
  // The one that does not fit any more, or for a warning the largest.
  const beyond = files.find(({ bytes }) => (sum += bytes.length) > MAX_CONFIG_MAP_BYTES);
  const largest = files.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a));
  const { path, bytes } = beyond ?? largest;
  const remedy =
    'Set gzip: true for its entry of config_updater.maps, spread the entry over partitioned_names, or take jobs out.';
  const share = `${total} of ${MAX_CONFIG_MAP_BYTES} bytes (${Math.floor((total / MAX_CONFIG_MAP_BYTES) * 100)} %)`;
  return beyond === undefined
    ? [
        {
          severity: 'warning',
          path,
          message: `ConfigMap ${name} holds ${share}, and this is its largest file with ${bytes.length}. ${remedy}`,
        },
      ]
    : [
        {
          severity: 'error',
          path,
          message: `It does not fit into ConfigMap ${name} any more: its ${values.size} files take ${share}, this one ${bytes.length}, and ${largest.path}, the largest, ${largest.bytes.length}. ${remedy}`,
        },
      ];
}
