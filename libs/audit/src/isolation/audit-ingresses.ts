import { type Finding, finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';
import { wellFormedObjects } from '../objects/well-formed-objects.ts';
import {
  collide,
  describeClaim,
  type IngressClaim,
  ingressClaims,
  isCatchAll,
} from './ingress-claims.ts';

/** Checks that no two rules of the Ingresses in one render claim the same host and path of one ingress class. */
export function auditIngresses(objects: readonly KubernetesObject[]): Finding[] {
  const claims = ingressClaims(wellFormedObjects(objects));
  return claims.flatMap((claim, index) => {
    const earlier = claims.slice(0, index).find((other) => collide(claim, other));
    if (!earlier) return [];
    const by =
      earlier.ingress === claim.ingress
        ? 'twice, in two of its own rules'
        : `which ${describeObject(earlier.ingress)} claims too`;
    return [claimedTwice(claim, by)];
  });
}

/** Makes the finding; `by` says who else claims it. A catch-all that two have is a warning. */
export function claimedTwice(claim: IngressClaim, by: string): Finding {
  const made = finding(
    'ingress-claimed-twice',
    `Claims ${describeClaim(claim)}, ${by}: which of them gets a request is undefined. Give one of them another host, path or ingress class.`,
    { object: describeObject(claim.ingress) },
  );
  return isCatchAll(claim) ? { ...made, severity: 'warning' } : made;
}
