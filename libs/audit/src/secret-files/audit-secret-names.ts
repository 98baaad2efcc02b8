import { hasNameSuffix } from '@prow-deploy/secrets';
import { type Finding, finding } from '../finding.ts';
import { describeObject, type KubernetesObject } from '../kubernetes-object.ts';

/**
 * Secrets whose name ends with kustomize's digest of their values. It has no key, and names are seen by many who may not
 * see values, in the cluster as in whatever lists what was applied: a short value can be found by trying.
 */
export function* auditSecretNames(objects: readonly KubernetesObject[]): Generator<Finding> {
  for (const each of objects) {
    if (each.apiVersion !== 'v1' || each.kind !== 'Secret' || !hasNameSuffix(each)) continue;
    const object = describeObject(each);
    yield finding(
      'secret-name-hashed',
      `The name of ${object} ends with a digest of its values: whoever sees it can test a guess at them. Set disableNameSuffixHash: true in the options of its secretGenerator; readers are restarted by apply when a value changes.`,
      { object },
    );
  }
}
