import { finding, type Finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { type Fields, fields, items, text } from '../objects/fields.ts';
import { nearestName } from './nearest-name.ts';
import type { PodTemplate } from '../objects/pod-templates.ts';
import { advice, dataKeys } from './reference.ts';
import type { RenderedObjects } from './rendered-objects.ts';

/**
 * Files that a container is told to read from a ConfigMap or Secret that does not have them: a `subPath`, and paths in
 * arguments and variables (`--config-path=/etc/config/config.yaml`). Such volumes are read-only, so nobody can make
 * the file later.
 */
export function* auditMountedFiles(
  template: PodTemplate,
  objects: RenderedObjects,
): Generator<Finding> {
  const volumes = new Map<string, VolumeFiles>();
  for (const volume of items(template.spec['volumes'])) {
    const files = volumeFiles(volume, template.namespace, objects);
    if (files !== undefined) volumes.set(text(volume['name']) ?? '', files);
  }
  if (volumes.size === 0) return;
  const object = describeObject(template.object);
  for (const container of template.containers) {
    const where = `of container ${container.name}`;
    const mounts: { path: string; files?: VolumeFiles | undefined }[] = [];
    for (const mount of items(container.fields['volumeMounts'])) {
      const path = (text(mount['mountPath']) ?? '').replace(/\/+$/, '');
      const files = volumes.get(text(mount['name']) ?? '');
      const subPath = text(mount['subPath']);
      // A subPath is a file, or a folder of which this volume holds a part.
      mounts.push({ path, files: subPath === undefined ? files : undefined });
      if (files === undefined || subPath === undefined || hasFile(files, subPath)) continue;
      const message = `${object} mounts ${subPath} of ${files.from} at ${path} ${where}, which has ${describeFiles(files)}. ${remedy(subPath, files)}`;
      yield finding('absent-key', message, { object });
    }
    for (const { by, path, isOptional } of pathsOf(container)) {
      const mount = mounts
        .filter((candidate) => path.startsWith(`${candidate.path}/`))
        .reduce<(typeof mounts)[number] | undefined>(
          (longest, next) => (next.path.length > (longest?.path.length ?? -1) ? next : longest),
          undefined,
        );
      if (mount?.files === undefined) continue;
      const file = path.slice(mount.path.length + 1).replace(/\/+$/, '');
      if (file === '' || hasFile(mount.files, file)) continue;
      // A variable such as SSL_CERT_FILE may lead to what somebody adds to an empty ConfigMap, or not.
      if (mount.files.files.length === 0 && isOptional) continue;
      const message = `${object} reads ${path} (${by} ${where}), but ${mount.files.from}, mounted at ${mount.path}, has ${describeFiles(mount.files)}. ${remedy(file, mount.files)}`;
      yield finding('absent-key', message, { object });
    }
  }
}

interface VolumeFiles {
  readonly from: string;
  readonly files: readonly string[];
}

// What a volume holds; `undefined` where that is not known from the render alone.
function volumeFiles(
  volume: Fields,
  namespace: string | undefined,
  objects: RenderedObjects,
): VolumeFiles | undefined {
  const projected = volume['projected'];
  const sources = projected === undefined ? [volume] : items(fields(projected)['sources']);
  const from: string[] = [];
  const files: string[] = [];
  for (const source of sources) {
    const kind = source['configMap'] === undefined ? 'Secret' : 'ConfigMap';
    const named = fields(source['configMap'] ?? source['secret']);
    const name = text(named['name']) ?? text(named['secretName']);
    if (name === undefined || named['optional'] === true) return undefined;
    const found = objects.find({ kind, name, ...(namespace === undefined ? {} : { namespace }) });
    if (found === undefined || found === 'outside' || isFilledLater(found)) return undefined;
    from.push(describeObject(found));
    const paths = items(named['items']).flatMap(({ path }) => text(path) ?? []);
    files.push(...(paths.length > 0 ? paths : dataKeys(found)));
  }
  return from.length === 0 ? undefined : { from: from.join(' and '), files };
}

// Kubernetes puts the token into such a Secret.
function isFilledLater(object: KubernetesObject): boolean {
  return object['type'] === 'kubernetes.io/service-account-token';
}

// A file, or a folder of files; `..data` and its like are the kubelet's own links.
function hasFile({ files }: VolumeFiles, path: string): boolean {
  return (
    path.startsWith('..') || files.some((file) => file === path || file.startsWith(`${path}/`))
  );
}

function* pathsOf({ arguments: words, env }: PodTemplate['containers'][number]) {
  for (const { written, value } of words) {
    if (value === undefined || !PATH.test(value)) continue;
    yield {
      by: written === undefined ? 'an argument' : `argument ${written}`,
      path: value,
      isOptional: false,
    };
  }
  for (const [variable, value] of env) {
    if (PATH.test(value)) yield { by: `variable ${variable}`, path: value, isOptional: true };
  }
}

const PATH = /^\/[\w.@+/-]+$/;

function describeFiles({ files }: VolumeFiles): string {
  return files.length === 0 ? 'no key' : files.join(', ');
}

function remedy(file: string, { files }: VolumeFiles): string {
  return advice(nearestName(file, files), 'Add the key, or correct the path');
}
