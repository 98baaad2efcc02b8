import { fields, text } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { describe } from '../../object-reference.ts';
import { deleteFirst, immutable, type Rule, valueAt } from './rule.ts';

const CORE = 'pkg/apis/core/validation/validation.go';
const STORAGE = 'pkg/apis/storage/validation/validation.go';

/** Volumes, and what makes them. */
export const VOLUME_RULES: readonly Rule[] = [
  immutable({
    kinds: ['/PersistentVolume'],
    source: `${CORE}: ValidatePersistentVolumeUpdate`,
    code: 'volume-spec',
    fields: ({ live, after }) => [
      ...[...new Set([live, after].flatMap(sourcesOf))].map((name) => `spec.${name}`),
      'spec.volumeMode',
      ...(valueAt(live, 'spec.nodeAffinity') === undefined ? [] : ['spec.nodeAffinity']),
    ],
    defaults: [
      ['spec.volumeMode', 'Filesystem'],
      ['spec.hostPath.type', ''],
    ],
    remedy: (change) => {
      const { name, namespace } = fields(valueAt(change.live, 'spec.claimRef'));
      const claim = { kind: 'PersistentVolumeClaim', namespace: text(namespace), name: text(name) };
      return claim.name === undefined
        ? deleteFirst(change)
        : `${deleteFirst(change)}: it goes only after ${describe({ ...claim, name: claim.name })}`;
    },
    loses: ({ live }) =>
      valueAt(live, 'spec.persistentVolumeReclaimPolicy') === 'Delete'
        ? 'all data of the volume, which is deleted with it'
        : 'nothing of what is in the volume, which is not found under the new place',
  }),
  immutable({
    kinds: ['storage.k8s.io/StorageClass'],
    source: `${STORAGE}: ValidateStorageClassUpdate`,
    code: 'storage-class',
    fields: ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'],
    defaults: [
      ['reclaimPolicy', 'Delete'],
      ['volumeBindingMode', 'Immediate'],
    ],
    remedy: (change) => `${deleteFirst(change)}: claims that come meanwhile wait`,
    loses: 'nothing: volumes that are there keep what they were made with',
  }),
  immutable({
    kinds: ['storage.k8s.io/VolumeAttributesClass'],
    source: `${STORAGE}: ValidateVolumeAttributesClassUpdate`,
    code: 'storage-class',
    fields: ['driverName', 'parameters'],
    loses: 'nothing: volumes that are there keep what they have',
  }),
  immutable({
    kinds: ['storage.k8s.io/CSIDriver'],
    source: `${STORAGE}: ValidateCSIDriverUpdate`,
    code: 'csi-driver',
    fields: ['spec.attachRequired', 'spec.volumeLifecycleModes'],
    defaults: [
      ['spec.attachRequired', true],
      ['spec.volumeLifecycleModes', ['Persistent']],
    ],
    remedy: (change) => `${deleteFirst(change)}: volumes of it cannot be mounted meanwhile`,
    loses: 'nothing',
  }),
];

// Besides these, the spec of a volume is where it is.
const NO_SOURCE = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function sourcesOf(volume: KubernetesObject): string[] {
  return Object.keys(fields(volume['spec'])).filter((name) => !NO_SOURCE.has(name));
}
