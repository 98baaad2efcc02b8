import { type KubernetesObject, type ValueChange } from '@prow-deploy/audit';

/**
 * What the API server refuses to change in an object that is there, by kind: paths that are told by
 * {@link immutableChanges}. Source: the update validation of each kind in Kubernetes, pkg/apis.
 */
const IMMUTABLE: Readonly<Record<string, RegExp>> = {
  'apps/Deployment': /^\.spec\.selector\b/,
  'apps/ReplicaSet': /^\.spec\.selector\b/,
  'apps/DaemonSet': /^\.spec\.selector\b/,
  'apps/StatefulSet':
    /^\.spec\.(?!replicas\b|ordinals\b|template\b|updateStrategy\b|persistentVolumeClaimRetentionPolicy\b|minReadySeconds\b|revisionHistoryLimit\b)/,
  'batch/Job': /^\.spec\.(?:selector|template|completionMode)\b/,
  '/PersistentVolumeClaim':
    /^\.spec\.(?!resources\.requests\b|resources\b$|volumeAttributesClassName\b)/,
  '/PersistentVolume':
    /^\.spec\.(?:volumeMode|awsElasticBlockStore|azureDisk|azureFile|cephfs|cinder|csi|fc|flexVolume|flocker|gcePersistentDisk|glusterfs|hostPath|iscsi|local|nfs|photonPersistentDisk|portworxVolume|quobyte|rbd|scaleIO|storageos|vsphereVolume)\b/,
  '/Service': /^\.spec\.clusterIPs?\b/,
  '/Secret': /^\.type$/,
  'rbac.authorization.k8s.io/RoleBinding': /^\.roleRef\b/,
  'rbac.authorization.k8s.io/ClusterRoleBinding': /^\.roleRef\b/,
  'storage.k8s.io/StorageClass': /^\.(?:provisioner|parameters|reclaimPolicy|volumeBindingMode)\b/,
  'scheduling.k8s.io/PriorityClass': /^\.(?:value|preemptionPolicy)$/,
  'networking.k8s.io/IngressClass': /^\.spec\.controller$/,
  'node.k8s.io/RuntimeClass': /^\.handler$/,
  'apiextensions.k8s.io/CustomResourceDefinition': /^\.spec\.(?:group|scope)$/,
};

/** Which of these changes of an object an API server will refuse. */
export function immutableChanges(
  object: KubernetesObject,
  changes: readonly ValueChange[],
): string[] {
  const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : '';
  const fields = IMMUTABLE[`${group}/${object.kind}`];
  const sealed =
    object['immutable'] === true ? /^\.(?:data|binaryData|stringData|immutable)\b/ : undefined;
  return changes
    .map(({ path }) => path)
    .filter((path) => fields?.test(path) === true || sealed?.test(path) === true);
}
