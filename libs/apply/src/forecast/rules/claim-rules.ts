import { type Fields, fields, text } from '../../fields.ts';
import type { KubernetesObject } from '../../kubernetes-object.ts';
import { describe, identify } from '../../object-reference.ts';
import { differences, withDefaults } from '../differences.ts';
import { parseQuantity } from '../quantity.ts';
import { type Change, deleteFirst, lowerFirst, relatedOf, type Rule, valueAt } from './rule.ts';

const CORE = 'pkg/apis/core/validation/validation.go';
const CLAIM = ['/PersistentVolumeClaim'];
const SIZE = 'spec.resources.requests.storage';
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const CLAIM_RULES: readonly Rule[] = [
  {
    kinds: CLAIM,
    source: `${CORE}: ValidatePersistentVolumeClaimUpdate`,
    *changed(change) {
      const { live, after } = change;
      const isBound = valueAt(live, 'status.phase') === 'Bound';
      const before = fields(live['spec']);
      const differing = differences(
        fixedClaim(before, { before, isBound }),
        fixedClaim(fields(after['spec']), { before, isBound }),
      );
      if (differing.length === 0) return;
      const where = `spec${differing.length === 1 ? (differing[0] ?? '') : ''}`;
      yield {
        code: 'claim-spec',
        path: where,
        message: isBound
          ? `${where} cannot be changed: of a claim, only the size may grow`
          : `${where} cannot be changed before the claim has its volume`,
        remedy: `Save what is in the volume; ${lowerFirst(deleteFirst(change))}: its pods have to stop before it goes`,
        loses: lossOfVolume(change),
        refused: true,
      };
    },
  },
  {
    kinds: CLAIM,
    source: `${CORE}: ValidatePersistentVolumeClaimUpdate`,
    *changed(change) {
      const { live, after } = change;
      const [before, wanted] = [valueAt(live, SIZE), valueAt(after, SIZE)];
      const [old, size] = [parseQuantity(before), parseQuantity(wanted)];
      if (old === undefined || size === undefined || size >= old) return;
      // A claim that could not grow yet may ask for less again, but for no less than it has.
      const has = parseQuantity(valueAt(live, 'status.capacity.storage')) ?? 0n;
      if (valueAt(live, 'status.phase') !== 'Bound' || size > has) return;
      yield {
        code: 'claim-shrinks',
        path: SIZE,
        message: `${SIZE} cannot go from ${String(before)} to ${String(wanted)}: a volume never shrinks`,
        remedy: `Ask for ${String(before)} in the manifest, or make a smaller claim under another name and move the data`,
        loses: 'nothing',
        refused: true,
      };
    },
  },
  {
    kinds: CLAIM,
    source: 'plugin/pkg/admission/storage/persistentvolume/resize/admission.go: Validate',
    *changed(change) {
      const { live, after } = change;
      const [before, wanted] = [valueAt(live, SIZE), valueAt(after, SIZE)];
      const [old, size] = [parseQuantity(before), parseQuantity(wanted)];
      if (old === undefined || size === undefined || size <= old) return;
      if (valueAt(live, 'status.phase') !== 'Bound') return;
      const name = className(after);
      const classes = relatedOf(change, 'storage.k8s.io', 'StorageClass');
      const storageClass = classes.find(({ metadata }) => metadata.name === name);
      const isKnown = name === '' || storageClass !== undefined;
      if (!isKnown || storageClass?.['allowVolumeExpansion'] === true) return;
      yield {
        code: 'claim-not-expandable',
        path: SIZE,
        message: `${SIZE} cannot go from ${String(before)} to ${String(wanted)}: ${
          name === ''
            ? 'the claim has no StorageClass'
            : `StorageClass ${name} does not allow its volumes to grow`
        }`,
        remedy:
          name === ''
            ? `Ask for ${String(before)} in the manifest, or make a larger claim under another name and move the data`
            : `Set allowVolumeExpansion: true in StorageClass ${name} if its storage can do it, else ask for ${String(before)} in the manifest`,
        loses: 'nothing',
        refused: true,
      };
    },
  },
];

// Without what may change: the size and the attributes of a claim that has its volume, and what is set for the first time.
function fixedClaim(
  spec: Fields,
  options: { readonly before: Fields; readonly isBound: boolean },
): unknown {
  const { before, isBound } = options;
  const { resources, volumeName, storageClassName, volumeAttributesClassName, ...rest } = spec;
  const { requests, ...otherResources } = fields(resources);
  const { storage, ...otherRequests } = fields(requests);
  return withDefaults(
    {
      ...rest,
      resources: {
        ...otherResources,
        requests: { ...otherRequests, ...(isBound ? {} : { storage }) },
      },
      ...(text(before['volumeName']) === undefined ? {} : { volumeName }),
      ...(before['storageClassName'] === undefined ? {} : { storageClassName }),
      ...(isBound ? {} : { volumeAttributesClassName }),
    },
    [['volumeMode', 'Filesystem']],
  );
}

function className(claim: KubernetesObject): string {
  return (
    text(claim.metadata.annotations?.[BETA_CLASS]) ??
    text(valueAt(claim, 'spec.storageClassName')) ??
    ''
  );
}

// What becomes of the data when the claim is deleted, as far as its volume says.
function lossOfVolume(change: Change): string {
  const name = valueAt(change.live, 'spec.volumeName');
  const volume = relatedOf(change, '', 'PersistentVolume').find(
    ({ metadata }) => metadata.name === name,
  );
  if (volume !== undefined && valueAt(volume, 'spec.persistentVolumeReclaimPolicy') === 'Retain') {
    return `nothing of the data, which stays in ${describe(identify(volume))}: free it by hand (remove its spec.claimRef) before another claim can have it`;
  }
  return valueAt(change.live, 'status.phase') === 'Bound'
    ? 'all data of the volume'
    : 'nothing: it has no volume yet';
}
