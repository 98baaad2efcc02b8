import type { ClusterSpec } from './environment.ts';

/**
 * Whether two environments are applied to one cluster, as far as their files say: where both pin it, the uid decides,
 * however it is reached; otherwise the same kubeconfig and context, or the same nodes.
 */
export function isSameCluster(one: ClusterSpec, other: ClusterSpec): boolean {
  const [uid, otherUid] = [uidOf(one), uidOf(other)];
  return uid !== undefined && otherUid !== undefined
    ? uid === otherUid
    : withoutIdentity(one) === withoutIdentity(other);
}

function uidOf(spec: ClusterSpec): string | undefined {
  return spec.provider === 'kubeconfig' ? spec.identity?.uid : undefined;
}

function withoutIdentity(spec: ClusterSpec): string {
  return JSON.stringify({ ...spec, identity: undefined });
}
