import { type Fields, fields, items, text } from '../fields.ts';

/** A ConfigMap or Secret that a volume shows as files. */
export interface VolumeSource {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Path within the volume by key; absent where each key is a file of its own name. */
  readonly paths?: ReadonlyMap<string, string>;
}

/** The ConfigMaps and Secrets that a volume shows as files, also those that it projects into one folder. */
export function volumeSources(volume: Fields): VolumeSource[] {
  return [volume, ...items(fields(volume['projected'])['sources'])].flatMap((part) => [
    ...source('ConfigMap', part['configMap'], 'name'),
    ...source('Secret', part['secret'], part === volume ? 'secretName' : 'name'),
  ]);
}

function source(kind: VolumeSource['kind'], value: unknown, nameField: string): VolumeSource[] {
  const { [nameField]: name, items: chosen } = fields(value);
  if (text(name) === undefined) return [];
  const paths = items(chosen).map(({ key, path }) => [text(key) ?? '', text(path) ?? ''] as const);
  return [{ kind, name: String(name), ...(paths.length > 0 ? { paths: new Map(paths) } : {}) }];
}

/**
 * The Secrets with which a volume is mounted, and which no container sees: those of CSI, FlexVolume and the storage
 * systems that Kubernetes knows by name.
 *
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
 */
export function mountSecrets(volume: Fields): string[] {
  return Object.entries(volume).flatMap(([type, value]) => {
    if (type === 'secret' || type === 'configMap' || type === 'projected') return [];
    const { secretRef, nodePublishSecretRef, secretName, secretNamespace } = fields(value);
    // azureFile may name a Secret of another namespace.
    const byName = type === 'azureFile' && text(secretNamespace) === undefined ? secretName : '';
    return [fields(secretRef)['name'], fields(nodePublishSecretRef)['name'], byName].flatMap(
      (name) => text(name) ?? [],
    );
  });
}
