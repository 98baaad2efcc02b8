import type { Finding } from '../finding.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { auditArguments } from './audit-arguments.ts';
import { auditIdentities } from './audit-identities.ts';
import { auditImages } from './audit-images.ts';
import { auditOwnership } from './audit-ownership.ts';
import { auditScopes } from './audit-scopes.ts';
import { type ObjectOrigin, withOrigins } from './origin.ts';
import { wellFormedObjects } from './well-formed-objects.ts';

export interface AuditObjectsOptions {
  /** Where an object comes from: put into its findings. Default: findings have no file. */
  readonly origin?: (object: KubernetesObject) => ObjectOrigin | undefined;
}

/**
 * Finds what is wrong with objects by themselves: namespaced ones without a namespace, two of one identity, arguments
 * that are there twice or contradict each other, objects that belong to the cluster and not to a render, and images
 * without a tag.
 */
export function auditObjects(
  objects: readonly KubernetesObject[],
  options: AuditObjectsOptions = {},
): Finding[] {
  const all = wellFormedObjects(objects);
  const findings = [
    ...auditScopes(all),
    ...auditIdentities(all),
    ...auditArguments(all),
    ...auditOwnership(all),
    ...auditImages(all),
  ];
  return withOrigins(findings, all, options.origin);
}
