import { type Fields, fields, items, text } from '../objects/fields.ts';
import type { ConfigFile } from './config-files.ts';
import { isAboutOtherCluster } from './config-files.ts';
import { podReferences } from './pod-references.ts';
import { readPod } from '../objects/pod-templates.ts';
import type { Reference } from './reference.ts';

/**
 * What only Prow's own meaning of its configuration tells: plugins that are reached by their name, namespaces that the
 * config-updater writes to, and what the pods of jobs need.
 * Sources: pkg/plugins/config.go (ExternalPlugin, ConfigMapSpec), pkg/config/jobs.go (Preset), pkg/apis/prowjobs/v1/types.go (DecorationConfig).
 */
export function* prowReferences(file: ConfigFile): Generator<Reference> {
  for (const document of file.documents) {
    const config = fields(document);
    yield* externalPlugins(file, config['external_plugins']);
    yield* updatedNamespaces(file, fields(config['config_updater'])['maps']);
    yield* decorationSecrets(file, fields(config['plank']));
    for (const preset of items(config['presets'])) {
      yield* jobPod(file, { volumes: preset['volumes'], containers: [preset] }, 'presets');
    }
    const jobs = ['presubmits', 'postsubmits'].flatMap((type) =>
      Object.values(fields(config[type])).flatMap(items),
    );
    for (const job of [...jobs, ...items(config['periodics'])]) yield* jobReferences(file, job);
  }
}

// hook calls `http://<name>` where an external plugin has no endpoint.
function* externalPlugins({ configMap, key }: ConfigFile, value: unknown): Generator<Reference> {
  const { namespace } = configMap.metadata;
  for (const [repository, plugins] of Object.entries(fields(value))) {
    for (const { name, endpoint } of items(plugins)) {
      const service = text(name);
      if (service === undefined || text(endpoint) !== undefined) continue;
      yield {
        from: configMap,
        by: `${key}: external_plugins.${repository} without an endpoint: http://${service}`,
        code: 'absent-host',
        to: { kind: 'Service', name: service, ...(namespace === undefined ? {} : { namespace }) },
        port: 80,
      };
    }
  }
}

// The namespaces of the cluster that Prow itself is in have the alias `default`.
function* updatedNamespaces({ configMap, key }: ConfigFile, maps: unknown): Generator<Reference> {
  for (const [pattern, map] of Object.entries(fields(maps))) {
    const namespaces = fields(fields(map)['clusters'])['default'];
    for (const name of Array.isArray(namespaces) ? namespaces : []) {
      if (typeof name !== 'string' || name === '') continue;
      yield {
        from: configMap,
        by: `${key}: config_updater.maps.${pattern}.clusters.default`,
        code: 'absent-namespace',
        to: { kind: 'Namespace', name },
      };
    }
  }
}

function* jobReferences(file: ConfigFile, job: Fields): Generator<Reference> {
  if (isAboutOtherCluster(job)) return;
  const { podNamespace, ...elsewhere } = file;
  const namespace = text(job['namespace']) ?? podNamespace;
  const jobFile = namespace === undefined ? elsewhere : { ...file, podNamespace: namespace };
  yield* jobPod(jobFile, fields(job['spec']), `job ${text(job['name']) ?? ''}`);
}

// Everything that a job's pod names is in the namespace of the pod.
function* jobPod(file: ConfigFile, spec: Fields, where: string): Generator<Reference> {
  for (const reference of podReferences(readPod(file.configMap, file.podNamespace, spec))) {
    yield { ...reference, by: `${file.key}: ${where}, ${reference.by}` };
  }
}

// The sidecar of every decorated job uploads with this Secret.
function* decorationSecrets(file: ConfigFile, plank: Fields): Generator<Reference> {
  const { configMap, key, podNamespace } = file;
  const configs = [
    ...Object.values(fields(plank['default_decoration_configs'])),
    ...items(plank['default_decoration_config_entries']).map(({ config }) => config),
  ];
  for (const config of configs) {
    for (const field of ['gcs_credentials_secret', 's3_credentials_secret']) {
      const name = text(fields(config)[field]);
      if (name === undefined) continue;
      const namespace = podNamespace === undefined ? {} : { namespace: podNamespace };
      const to = { kind: 'Secret', name, ...namespace };
      yield { from: configMap, by: `${key}: ${field}`, code: 'absent-secret', to };
    }
  }
}
