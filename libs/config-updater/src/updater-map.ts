/** One entry of `config_updater.maps` in plugins.yaml: which ConfigMap the files of a pattern go to. */
export interface UpdaterMap {
  /** Glob over paths of files, the entry's own key. */
  readonly pattern: string;
  /** Names of the ConfigMaps: one, or several among which the keys are spread (`partitioned_names`). */
  readonly names: readonly string[];
  /** Key of the one file of the pattern. Absent: each file has a key of its own. */
  readonly key?: string;
  /** Whether a file's key is its path with `-` for `/`, instead of its name. */
  readonly fullPathAsKey: boolean;
  /** Whether the values are compressed. */
  readonly gzip: boolean;
  /** Namespaces by the alias of their cluster; `default` is the one that Prow runs in, '' where ProwJobs are. */
  readonly clusters: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads `config_updater.maps` of a plugins.yaml as Prow does. What has another form than Prow takes is passed over:
 * its checkconfig names that.
 * Source: ConfigUpdater and ConfigMapSpec in pkg/plugins/config.go of Prow.
 *
 * @param plugins the document, parsed
 */
export function readUpdaterMaps(plugins: unknown): UpdaterMap[] {
  const updater = fields(fields(plugins)['config_updater']);
  const groups = fields(updater['cluster_groups']);
  return Object.entries(fields(updater['maps'])).map(([pattern, value]) => {
    const spec = fields(value);
    const { name, partitioned_names: partitions, key, gzip = updater['gzip'] } = spec;
    return {
      pattern,
      names: typeof name === 'string' && name !== '' ? [name] : texts(partitions),
      ...(typeof key === 'string' && key !== '' ? { key } : {}),
      fullPathAsKey: spec['use_full_path_as_key'] === true && !usesGroups(spec),
      gzip: gzip === true,
      clusters: clustersOf(spec, groups),
    };
  });
}

// Resolving its groups, Prow drops `use_full_path_as_key` of an entry (ConfigUpdater.resolve).
function usesGroups(spec: Fields): boolean {
  return (
    Object.keys(fields(spec['clusters'])).length === 0 && texts(spec['cluster_groups']).length > 0
  );
}

function clustersOf(spec: Fields, groups: Fields): Record<string, readonly string[]> {
  if (!usesGroups(spec)) {
    const clusters = Object.entries(fields(spec['clusters'])).map(
      ([cluster, namespaces]): [string, string[]] => [cluster, texts(namespaces)],
    );
    return clusters.length === 0 ? { default: [''] } : Object.fromEntries(clusters);
  }
  const clusters = new Map<string, string[]>();
  for (const group of texts(spec['cluster_groups']).map((name) => fields(groups[name]))) {
    for (const cluster of texts(group['clusters'])) {
      clusters.set(cluster, [...(clusters.get(cluster) ?? []), ...texts(group['namespaces'])]);
    }
  }
  return Object.fromEntries(clusters);
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
