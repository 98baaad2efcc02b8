import type { ClusterIdentity } from '@prow-deploy/environment';

/** One part of an identity that is not what it has to be. */
export interface IdentityDifference {
  readonly part: keyof ClusterIdentity;
  /** In words, for a message. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

const NAMES: Readonly<Record<keyof ClusterIdentity, string>> = {
  uid: 'uid of the namespace kube-system',
  server: 'API server',
  caSha256: 'SHA-256 of its CA certificates',
};

/** What tells two identities apart; empty where they are the same. */
export function identityDifferences(
  expected: ClusterIdentity,
  found: ClusterIdentity,
): IdentityDifference[] {
  return (['uid', 'server', 'caSha256'] as const).flatMap((part) =>
    comparable(part, expected[part]) === comparable(part, found[part])
      ? []
      : [{ part, name: NAMES[part], expected: expected[part], found: found[part] }],
  );
}

// A URL says the same with and without the port that goes without saying, and in capitals.
function comparable(part: keyof ClusterIdentity, value: string): string {
  return part === 'server' && URL.canParse(value) ? new URL(value).href : value;
}
