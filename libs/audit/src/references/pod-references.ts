import { type Fields, fields, items, text } from '../objects/fields.ts';
import type { PodTemplate } from '../objects/pod-templates.ts';
import type { Reference } from './reference.ts';

/** What a pod needs to start: its ServiceAccount, and the ConfigMaps, Secrets and claims of its volumes and variables. */
export function* podReferences(template: PodTemplate): Generator<Reference> {
  const { object: from, spec, containers } = template;
  const account = text(spec['serviceAccountName']) ?? text(spec['serviceAccount']);
  if (account !== undefined) {
    const to = objectIn(template, 'ServiceAccount', account);
    yield { from, by: 'serviceAccountName', code: 'absent-service-account', to };
  }
  for (const secret of items(spec['imagePullSecrets'])) {
    yield* dataReference(template, 'Secret', secret, 'imagePullSecrets');
  }
  // A StatefulSet puts the claims that it makes in the place of volumes of the same name.
  const claims = items(fields(from['spec'])['volumeClaimTemplates']).map(
    (claim) => fields(claim['metadata'])['name'],
  );
  for (const volume of items(spec['volumes'])) {
    if (!claims.includes(volume['name'])) yield* volumeReferences(template, volume);
  }
  for (const container of containers) {
    const where = `of container ${container.name}`;
    for (const source of items(container.fields['envFrom'])) {
      yield* dataReference(template, 'ConfigMap', source['configMapRef'], `envFrom ${where}`);
      yield* dataReference(template, 'Secret', source['secretRef'], `envFrom ${where}`);
    }
    for (const variable of items(container.fields['env'])) {
      const source = fields(variable['valueFrom']);
      const by = `variable ${text(variable['name']) ?? ''} ${where}`;
      yield* dataReference(template, 'ConfigMap', source['configMapKeyRef'], by);
      yield* dataReference(template, 'Secret', source['secretKeyRef'], by);
    }
  }
}

// The ConfigMaps, Secrets and the claim of a volume.
// Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/
function* volumeReferences(template: PodTemplate, volume: Fields): Generator<Reference> {
  const by = `volume ${text(volume['name']) ?? ''}`;
  for (const source of [volume, ...items(fields(volume['projected'])['sources'])]) {
    yield* dataReference(template, 'ConfigMap', source['configMap'], by);
    yield* dataReference(template, 'Secret', source['secret'], by);
  }
  for (const [type, source] of Object.entries(volume)) {
    if (type === 'secret' || type === 'configMap' || type === 'projected') continue;
    const { secretRef, nodePublishSecretRef, secretName, secretNamespace } = fields(source);
    yield* dataReference(template, 'Secret', secretRef, by);
    yield* dataReference(template, 'Secret', nodePublishSecretRef, by);
    if (type === 'azureFile' && secretNamespace === undefined) {
      yield* dataReference(template, 'Secret', { secretName }, by);
    }
  }
  const claim = text(fields(volume['persistentVolumeClaim'])['claimName']);
  if (claim !== undefined) {
    const to = objectIn(template, 'PersistentVolumeClaim', claim);
    yield { from: template.object, by, code: 'absent-claim', to };
  }
}

// A reference by `name` (or `secretName`), to a `key` or to the keys of `items`; nothing where it is optional.
function* dataReference(
  template: PodTemplate,
  kind: 'ConfigMap' | 'Secret',
  source: unknown,
  by: string,
): Generator<Reference> {
  const { name, secretName, key, items: keys, optional } = fields(source);
  const to = objectIn(template, kind, text(kind === 'Secret' ? (secretName ?? name) : name) ?? '');
  if (to.name === '' || optional === true) return;
  const code = kind === 'Secret' ? 'absent-secret' : 'absent-config-map';
  const named = [text(key), ...items(keys).map((item) => text(item['key']))].filter(
    (item) => item !== undefined,
  );
  const reference = { from: template.object, by, to, code } as const;
  if (named.length === 0) yield reference;
  else for (const item of named) yield { ...reference, key: item };
}

function objectIn({ namespace }: PodTemplate, kind: string, name: string) {
  return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
